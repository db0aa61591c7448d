import type { DisplayToken } from './displayTokens.ts';

/** What is coloured as a unit: the model's tokens, words, lines, or the nodes of the document's syntax. */
export const granularities = ['token', 'word', 'line', 'syntax'] as const;
export type Granularity = (typeof granularities)[number];

/** Tokens that are shown as a unit; `score` is their sum, so the total is the same at every level. */
export interface TokenGroup {
  /** Indices of its tokens, ascending; a syntax node's need not follow each other. */
  tokens: number[];
  score: number;
}

/** A half-open UTF-16 range. */
export interface Piece {
  start: number;
  end: number;
}

/** Every token by itself. */
export function byToken(tokens: readonly DisplayToken[]): TokenGroup[] {
  return tokens.map(({ score }, index) => ({ tokens: [index], score }));
}

/**
 * Where a token belongs: at its first character other than white space, because GPT-2's tokens begin with the space in
 * front of a word; at its last one when it is white space alone.
 */
export function firstCharacter(text: string, { start, end }: Piece): number {
  const white = /^\s*/.exec(text.slice(start, end))![0].length;
  return start + white < end ? start + white : Math.max(start, end - 1);
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

/** Words by the language's rules (Unicode's, a dictionary for Chinese), with the punctuation around them separate. */
export function byWord(text: string, tokens: readonly DisplayToken[], locale: string): TokenGroup[] {
  const [from, to] = [tokens[0]?.start ?? 0, tokens.at(-1)?.end ?? 0];
  const segmenter = new Intl.Segmenter(locale, { granularity: 'word' });
  const pieceAt = new Uint32Array(to - from);
  let number = 0;
  for (const { segment, index } of segmenter.segment(text.slice(from, to))) {
    pieceAt.fill(number++, index, index + segment.length);
  }
  return byPiece(text, tokens, (offset) => pieceAt[offset - from]!);
}

/** A line break belongs to the line that it ends. */
export function byLine(text: string, tokens: readonly DisplayToken[]): TokenGroup[] {
  const from = tokens[0]?.start ?? 0;
  const starts = [from];
  for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return byPiece(text, tokens, (offset) => starts.findLastIndex((start) => start <= offset));
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
