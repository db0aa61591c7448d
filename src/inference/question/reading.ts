/** The first step of every verb: text → tokens → the ids that the model reads. */
import type { ModelText, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { ShownToken, TokenSpan } from '../../protocol/results.ts';
import { isInside } from '../../text/pieceNames.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Run } from '../run.ts';
import type { EncodedToken } from '../tokens.ts';

export interface Reading {
  /** All tokens of the text, those that do not fit included. */
  tokens: EncodedToken[];
  /** How many of them, at the front, are not read. */
  dropped: number;
  /** What the model reads: BOS, if asked for, and tokens from `dropped` on. */
  ids: number[];
  /** The index in `ids` of the text's token `token`. */
  indexOf(token: number): number;
}

/**
 * @param limit the most ids to read; the front of the text is dropped beyond that, as its tokens matter least
 * @throws EngineError `text-empty` when there is neither text nor BOS
 */
export function readText(model: Gpt2, text: ModelText, limit: number): Reading {
  const tokens = tokensOf(model, text);
  return readTokens(model, tokens, text, { end: tokens.length, limit });
}

/** @throws EngineError `text-empty` when there is neither text nor BOS */
export function tokensOf({ tokenizer }: Gpt2, { text, bos }: ModelText): EncodedToken[] {
  const tokens = tokenizer.encode(text);
  if (tokens.length === 0 && !bos) throw new EngineError('text-empty');
  return tokens;
}

/** The same for the text's tokens before `end` only. */
export function readTokens(
  { tokenizer }: Gpt2,
  tokens: EncodedToken[],
  { bos }: ModelText,
  { end, limit }: { end: number; limit: number },
): Reading {
  const lead = bos ? [tokenizer.endOfText] : [];
  const dropped = Math.max(0, end + lead.length - limit);
  const ids = [...lead, ...tokens.slice(dropped, end).map(({ id }) => id)];
  return { tokens, dropped, ids, indexOf: (token) => token - dropped + lead.length };
}

/** The first token of the character that covers a UTF-16 offset; at the text's end the number of tokens. */
export function tokenAt(tokens: readonly EncodedToken[], offset: number): number {
  const index = tokens.findIndex(({ start, end }) => start <= offset && offset < end);
  return index < 0 ? tokens.length : index;
}

/** The tokens that are read, with BOS, whose range is empty. */
export function spansRead(model: Gpt2, { tokens, dropped, ids, indexOf }: Reading): TokenSpan[] {
  const { tokenizer } = model;
  const lead = indexOf(dropped);
  const at = tokens[dropped]?.start ?? 0;
  const bos = { ...tokenizer.shown(tokenizer.endOfText), start: at, end: at };
  const read = tokens.slice(dropped, dropped + ids.length - lead).map((token) => spanOf(model, token));
  return lead > 0 ? [bos, ...read] : read;
}

export function spanOf(model: Gpt2, token: EncodedToken): TokenSpan {
  const { start, end, bytes } = token;
  return { ...shownInText(model, token), start, end, ...(isInside(bytes) && { inside: true }) };
}

/** A token as it is shown in its place in the text. */
export function shownInText({ tokenizer }: Gpt2, { id, name }: EncodedToken): ShownToken {
  return { id, text: tokenizer.textOf(id), ...(name !== undefined && { name }) };
}

/** A token that may be the actual one: then it is named by its place in the text. */
export function shownAt(model: Gpt2, id: number, actual: EncodedToken | null): ShownToken {
  return actual?.id === id ? shownInText(model, actual) : model.tokenizer.shown(id);
}

/** The tokens that contribute to the UTF-16 range: those that overlap it, and those that end its last character. */
export function tokensIn(
  tokens: readonly EncodedToken[],
  { start, end }: { start: number; end: number },
): { first: number; end: number } {
  const first = tokens.findIndex((token) => token.end > start && token.start < end);
  if (first < 0) return { first: 0, end: 0 };
  let last = tokens.findLastIndex((token) => token.start < end && token.end > token.start);
  while (tokens[last + 1]?.start === tokens[last + 1]?.end && last + 1 < tokens.length) last++;
  return { first, end: last + 1 };
}

/** A function that reports how many of the tokens have been read. */
export function reportReading<P>(run: Run<Progress<P>>, total: number): (done: number) => void {
  return (done) => run.report({ stage: 'reading', done, total });
}
