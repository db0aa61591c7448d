/** The first step of every verb: text → tokens → the ids that the model reads. */
import type { ModelText } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Receipt, TokenSpan } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { EncodedToken } from '../tokens.ts';
import { whytokenVersion } from '../versions.ts';
import { sha256 } from './sha256.ts';

export interface Reading {
  /** All tokens of the text, those that do not fit included. */
  tokens: EncodedToken[];
  /** How many of them, at the front, are not read. */
  dropped: number;
  /** What the model reads: BOS, if asked for, and the tokens from `dropped` on. */
  ids: number[];
  /** The index in `ids` of the text's token `token`. */
  indexOf(token: number): number;
}

/**
 * @param limit the most ids to read; the front of the text is dropped beyond that, as its tokens matter least
 * @throws EngineError `text-empty` when there is neither text nor BOS
 */
export function readText(model: Gpt2, { text, bos }: ModelText, limit: number): Reading {
  const tokens = model.tokenizer.encode(text);
  if (tokens.length === 0 && !bos) throw new EngineError('text-empty');
  const lead = bos ? [model.tokenizer.endOfText] : [];
  const dropped = Math.max(0, tokens.length + lead.length - limit);
  const ids = [...lead, ...tokens.slice(dropped).map(({ id }) => id)];
  return { tokens, dropped, ids, indexOf: (token) => token - dropped + lead.length };
}

export function spanOf(model: Gpt2, { id, start, end }: EncodedToken): TokenSpan {
  return { id, text: model.tokenizer.textOf(id), start, end };
}

/** The tokens that show something of the UTF-16 range: those that overlap it, and those that end its last character. */
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

/** A stopwatch that ends in the part of the receipt that all results share. */
export function receiptFrom(
  model: Gpt2,
  started: number,
): (text: ModelText, dropped: number) => Promise<Receipt> {
  return async ({ text, bos }, droppedTokens) => ({
    whytoken: whytokenVersion,
    model: { name: model.checkpoint.name, sha256: await model.checkpoint.fingerprint() },
    textSha256: sha256(text),
    bos,
    droppedTokens,
    milliseconds: performance.now() - started,
  });
}
