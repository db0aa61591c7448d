import type { TokenScore } from '../protocol/results.ts';

type Scored = Pick<TokenScore, 'logProb' | 'rank' | 'entropy'>;

/** How probable a character or a word was, whether the model reads it in one token or in several. */
export interface Chance {
  /** The log-probability of all pieces in a row: their sum. */
  logProb: number;
  /** Only for a whole token: the rank or entropy of a piece is not that of the character. */
  whole: { rank: number; entropy: number } | null;
}

/** Null if nothing is known, or if nothing came before the token. */
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
