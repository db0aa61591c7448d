/**
 * An order that comes near to the best: the next token is the one after whose removal f is smallest, or after whose
 * return it is largest. Between the counts where it looks again, the tokens stand as they were ranked last.
 */
import type { Order } from './orders.ts';
import type { Removed } from './removed.ts';

/** Up to so many tokens, each is chosen after looking at all that are left; beyond, only at the counts. */
const mostEach = 32;

export async function greedyOrder(
  f: Removed,
  kind: 'deletion' | 'insertion',
  counts: readonly number[],
): Promise<Order> {
  const left = new Set(Array.from({ length: f.tokens }, (_, token) => token));
  const order: number[] = [];
  const stops = f.tokens <= mostEach ? counts : thinned(counts);
  for (const stop of stops) {
    const candidates = [...left];
    const sets = candidates.map((token) => [...order, token]);
    const values = kind === 'deletion' ? await f.without(sets) : await f.only(sets);
    const sign = kind === 'deletion' ? 1 : -1;
    const ranked = candidates
      .map((token, at) => ({ token, value: sign * values[at]! }))
      .sort((a, b) => a.value - b.value || a.token - b.token);
    for (const { token } of ranked.slice(0, stop - order.length)) {
      order.push(token);
      left.delete(token);
    }
  }
  return [...order, ...left];
}

/** At most eight, the last among them. */
function thinned(counts: readonly number[]): number[] {
  const step = Math.ceil(counts.length / 8);
  return counts.filter((_, at) => (counts.length - 1 - at) % step === 0);
}
