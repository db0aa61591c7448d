import type { HeadPatterns } from '../../src/protocol/results.ts';

export interface Head {
  layer: number;
  head: number;
}

export const kinds = ['previous', 'duplicate', 'induction', 'first'] as const;
type PatternKind = (typeof kinds)[number];

/** The same in every language, as in papers. */
export const letters: Readonly<Record<PatternKind, string>> = {
  previous: 'P',
  duplicate: 'D',
  induction: 'I',
  first: 'F',
};

/** A head with a lower highest score has no label. */
export const labelledFrom = 0.3;

/** The measured scores of a head, the highest first. */
export function scoresOf(
  patterns: HeadPatterns,
  { layer, head }: Head,
): { kind: PatternKind; score: number }[] {
  const at = layer * patterns.heads + head;
  return kinds
    .map((kind) => ({ kind, score: patterns[kind][at] ?? 0 }))
    .sort((one, other) => other.score - one.score);
}

export function letterOf(patterns: HeadPatterns | null, head: Head): string {
  const best = patterns && scoresOf(patterns, head)[0];
  return best && best.score >= labelledFrom ? letters[best.kind] : '';
}
