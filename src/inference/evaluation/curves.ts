/**
 * Deletion and insertion curves (Petsiuk et al. 2018): f while the first tokens of an order are removed, and while they
 * alone are there.
 */
import type { Order } from './orders.ts';
import type { Removed } from './removed.ts';

/** f at each count of tokens. */
export interface Curves {
  deletion: number[];
  insertion: number[];
}

/** Of several orders, evaluated together. */
export async function curvesOf(
  f: Removed,
  orders: readonly Order[],
  counts: readonly number[],
): Promise<Curves[]> {
  const firsts = orders.flatMap((order) => counts.map((count) => order.slice(0, count)));
  const deletions = await f.without(firsts);
  const insertions = await f.only(firsts);
  const of = (values: readonly number[], at: number) =>
    values.slice(at * counts.length, (at + 1) * counts.length);
  return orders.map((_, at) => ({ deletion: of(deletions, at), insertion: of(insertions, at) }));
}

export function meanOf(curves: readonly Curves[]): Curves {
  const mean = (kind: keyof Curves) =>
    curves[0]![kind].map((_, at) => curves.reduce((sum, one) => sum + one[kind][at]!, 0) / curves.length);
  return { deletion: mean('deletion'), insertion: mean('insertion') };
}
