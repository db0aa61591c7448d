import type { DisplayToken } from './displayTokens.ts';
import { firstCharacter, lineStarts, type Piece, partAt, wordStarts } from './parts.ts';

/** What is coloured as a unit: the model's tokens, words, lines, or the nodes of the document's syntax. */
export const granularities = ['token', 'word', 'line', 'syntax'] as const;
export type Granularity = (typeof granularities)[number];

/** Tokens that are shown as a unit; `score` is their sum, so the total is the same at every level. */
export interface TokenGroup {
  /** Indices of its tokens, ascending; a syntax node's need not follow each other. */
  tokens: number[];
  score: number;
}

/** Every token by itself. */
export function byToken(tokens: readonly DisplayToken[]): TokenGroup[] {
  return tokens.map(({ score }, index) => ({ tokens: [index], score }));
}

/**
 * The tokens of each piece.
 * @param pieceOf the piece's number at an offset of `text`
 */
export function byPiece(
  text: string,
  tokens: readonly DisplayToken[],
  pieceOf: (offset: number) => number,
): TokenGroup[] {
  const groups = new Map<number, TokenGroup>();
  for (const [index, token] of tokens.entries()) {
    const { score } = token;
    const piece = pieceOf(firstCharacter(text, token));
    const group = groups.get(piece);
    if (group) {
      group.tokens.push(index);
      group.score += score;
    } else {
      groups.set(piece, { tokens: [index], score });
    }
  }
  return [...groups.values()];
}

/** See {@link wordStarts}. */
export function byWord(text: string, tokens: readonly DisplayToken[], locale: string): TokenGroup[] {
  const starts = wordStarts(text, wholeOf(tokens), locale);
  return byPiece(text, tokens, (offset) => partAt(starts, offset));
}

/** See {@link lineStarts}. */
export function byLine(text: string, tokens: readonly DisplayToken[]): TokenGroup[] {
  const starts = lineStarts(text, wholeOf(tokens));
  return byPiece(text, tokens, (offset) => partAt(starts, offset));
}

function wholeOf(tokens: readonly DisplayToken[]): Piece {
  return { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 };
}

/**
 * The tokens of each node of the syntax: a token belongs to the innermost node that holds more than one word of it.
 * @param nodesAt the nested ranges at an offset, innermost first
 */
export function byNode(
  text: string,
  tokens: readonly DisplayToken[],
  nodesAt: (offset: number) => readonly Piece[],
): TokenGroup[] {
  const numbers = new Map<string, number>();
  return byPiece(text, tokens, (offset) => {
    const node = nodesAt(offset).find(({ start, end }) => /\S\s+\S|\w\W|\W\w/.test(text.slice(start, end)));
    const key = node ? `${node.start}-${node.end}` : 'rest';
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
}
