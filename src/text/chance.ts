import type { TokenScore } from '../protocol/results.ts';

type Scored = Pick<TokenScore, 'logProb' | 'rank' | 'entropy'>;

/** How probable a character or a word was, which the model reads in one token or in several. */
export interface Chance {
  /** Of all pieces, one after the other: their sum. */
  logProb: number;
  /** Of a token that is whole: no piece's rank or entropy is that of the character. */
  whole: { rank: number; entropy: number } | null;
}

/** Null where nothing is known, or nothing stood in front of the token. */
export function chanceOf(pieces: readonly Scored[]): Chance | null {
  const [first] = pieces;
  if (!first || first.rank === null || first.entropy === null) return null;
  let logProb = 0;
  for (const piece of pieces) {
    if (piece.logProb === null) return null;
    logProb += piece.logProb;
  }
  return { logProb, whole: pieces.length > 1 ? null : { rank: first.rank, entropy: first.entropy } };
}
