/** What the engine needs of a tokenizer. */
import type { ShownToken } from '../protocol/results.ts';

export interface EncodedToken {
  id: number;
  bytes: Uint8Array;
  /** UTF-16 range in the encoded text; ranges tile the text, see TokenSpan in src/protocol/results.ts. */
  start: number;
  end: number;
  /** Only where the token is not made of whole characters: which parts of them it is. See `namesInText`. */
  name?: string;
}

export interface Gpt2Tokenizer {
  /** Number of rows of the embedding. Ids that the tokenizer's files do not name are unused. */
  readonly vocabularySize: number;
  /** Id of `<|endoftext|>`: BOS, and the end of a generation. */
  readonly endOfText: number;
  /** Special-token texts in `text` are ordinary text. A lone surrogate stands for the bytes EF BF BD. */
  encode(text: string): EncodedToken[];
  /** The token's bytes; empty for special and unused tokens. @throws EngineError `token-unknown` */
  bytesOf(id: number): Uint8Array;
  /** The token's bytes as UTF-8 with U+FFFD for partial characters; a special token's own name, `[unused 7]`. */
  textOf(id: number): string;
  /** How the token is shown when it is not part of the text. @throws EngineError `token-unknown` */
  shown(id: number): ShownToken;
}
