import type { ExplainedTokens, ScoredSpan } from '../protocol/results.ts';

/** What is drawn as one token: whole characters of the text, though the model may have read them in pieces. */
export interface DisplayToken {
  /** UTF-16 range of the text that the model was given. */
  start: number;
  end: number;
  text: string;
  /** Sum over the pieces. */
  score: number;
  /**
   * Standard error of the score, if it is an estimate. For several pieces the sum of theirs, an upper bound, because
   * their errors may be correlated.
   */
  standardError?: number;
  /** It is a part of the text that was explained as a whole. */
  isSegment?: true;
  /** The model's tokens: indices into the explanation's tokens, from `first` on. */
  first: number;
  pieces: number;
}

type TextSegment = NonNullable<ExplainedTokens['segments']>[number];

/**
 * Joins tokens that continue a character to the one that began it, and cuts off what a first token has in common with
 * the context in front of `from` (a leading space, say). What was explained as a whole is one token. Sums are kept.
 */
export function displayTokens(
  text: string,
  tokens: readonly ScoredSpan[],
  from: number,
  segments: readonly TextSegment[] = [],
): DisplayToken[] {
  const shown: DisplayToken[] = [];
  for (const [index, token] of tokens.entries()) {
    const last = shown.at(-1);
    if (token.start === token.end && last) {
      last.score += token.score;
      if (last.standardError !== undefined) last.standardError += token.standardError ?? 0;
      last.pieces += 1;
      continue;
    }
    const start = Math.max(token.start, from);
    const end = Math.max(token.end, start);
    const { score, standardError } = token;
    const estimate = standardError === undefined ? { score } : { score, standardError };
    shown.push({ start, end, text: text.slice(start, end), ...estimate, first: index, pieces: 1 });
  }
  return segments.length > 0 ? inSegments(text, shown, segments) : shown;
}

/** What is in a segment is one with it, what is in none stays. */
function inSegments(
  text: string,
  tokens: readonly DisplayToken[],
  segments: readonly TextSegment[],
): DisplayToken[] {
  const segmentOf = ({ first }: DisplayToken) =>
    segments.findIndex((segment) => segment.first <= first && first < segment.first + segment.count);
  const shown: DisplayToken[] = [];
  let open = -1;
  for (const token of tokens) {
    const segment = segmentOf(token);
    const last = shown.at(-1);
    if (segment >= 0 && segment === open && last) {
      last.end = token.end;
      last.text = text.slice(last.start, last.end);
      last.pieces += token.pieces;
    } else if (segment >= 0) {
      const { score, standardError } = segments[segment]!;
      const { standardError: _, ...rest } = token;
      const estimate = standardError === undefined ? { score } : { score, standardError };
      shown.push({ ...rest, ...estimate, isSegment: true });
    } else shown.push(token);
    open = segment;
  }
  return shown;
}
