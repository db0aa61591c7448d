/** What the engine needs of a tokenizer. */
import type { ShownToken } from '../protocol/results.ts';

export interface EncodedToken {
  id: number;
  bytes: Uint8Array;
  /** UTF-16 range in the encoded text; ranges tile the text, see TokenSpan in src/protocol/results.ts. */
  start: number;
  end: number;
  /** Where it is not whole characters: which parts of them it is. See `namesInText`. */
  name?: string;
}

export interface Gpt2Tokenizer {
  /** Rows of the embedding: ids from 0 to one less. Those that the tokenizer's files do not name are unused. */
  readonly vocabularySize: number;
  /** Id of `<|endoftext|>`: BOS, and the end of a generation. */
  readonly endOfText: number;
  /** Special-token texts in `text` are ordinary text. A lone surrogate stands for the bytes EF BF BD. */
  encode(text: string): EncodedToken[];
  /** The token's bytes; empty for special and unused tokens. @throws EngineError `token-unknown` */
  bytesOf(id: number): Uint8Array;
  /** The token's bytes as UTF-8 with U+FFFD for partial characters; a special token's own name, `[unused 7]`. */
  textOf(id: number): string;
  /** The token as it is shown where it does not stand in the text. @throws EngineError `token-unknown` */
  shown(id: number): ShownToken;
}
