/**
 * What we use of @huggingface/tokenizers 0.2.0. Its own declarations import each other without file extensions, which
 * TypeScript does not resolve for ECMAScript modules under Node's rules.
 */
declare module '@huggingface/tokenizers' {
  export class SplitPreTokenizer {
    constructor(config: { type: 'Split'; pattern: { Regex: string }; behavior: 'Isolated'; invert: false });
    pre_tokenize_text(text: string): string[];
  }

  export class BPE {
    constructor(config: {
      type: 'BPE';
      vocab: Readonly<Record<string, number>>;
      merges: readonly [string, string][];
    });
    /** The tokens of words that are spelled in the byte alphabet. */
    encode(words: string[]): string[];
  }

  /** The whole pipeline, against which the tests compare. */
  export class Tokenizer {
    constructor(tokenizer: object, config: object);
    encode(text: string): { ids: number[] };
  }
}
