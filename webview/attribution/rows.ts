import type { Attributions } from '../../src/protocol/panels/attribution.ts';
import { visible } from '../../src/text/visible.ts';

export type Granularity = keyof Attributions['groups'];
export type Order = 'reading' | 'strength';

/** One bar: tokens that are shown as one. */
export interface Row {
  /** Safe to show. */
  text: string;
  score: number;
  tokens: readonly number[];
}

export function rowsOf({ tokens, groups }: Attributions, granularity: Granularity, order: Order): Row[] {
  const rows = groups[granularity].map(({ tokens: members, score }) => ({
    text: visible(members.map((member) => tokens[member]?.text ?? '').join('')),
    score,
    tokens: members,
  }));
  return order === 'reading' ? rows : rows.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score));
}

export function largestOf(rows: readonly { score: number }[]): number {
  return rows.reduce((most, { score }) => Math.max(most, Math.abs(score)), 0);
}

/** The sum of all magnitudes, which shares are of. */
export function movementOf({ tokens }: Attributions): number {
  return tokens.reduce((sum, { score }) => sum + Math.abs(score), 0);
}
