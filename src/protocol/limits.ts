/** Bounds that both sides of a boundary must agree on. */
export const limits = {
  /** UTF-16 units of one request's text. Longer ones are cut by the host before they travel. */
  textLength: 4 * 1024 * 1024,
  /** Fixed steps of a path method; the adaptive ones end sooner by themselves. */
  steps: 2_000,
  /** Copies of a text with noise that SmoothGrad takes the mean over. */
  samples: 1_000,
  /** Alternatives listed per token. */
  alternatives: 100,
  generatedTokens: 4096,
  /** UTF-16 units of a lane's name. */
  lane: 200,
  /** Texts that end a generation, and the UTF-16 units of each. */
  stopTexts: 16,
  stopText: 256,
  /** Tokens between the windows in which a long text is scored. */
  stride: 65_535,
  sequences: 16,
  /** Heads that are switched off at once: more than any GPT-2 has. */
  heads: 4096,
  /** Rows and columns of an attention map that is pooled. */
  mapSize: 4096,
  /** Of the random sequences that heads are measured on. */
  patternLength: 512,
  patternSequences: 64,
  /** A safetensors header. The format's own limit. */
  safetensorsHeader: 100_000_000,
  /** config.json, tokenizer.json, vocab.json, merges.txt. */
  jsonFile: 64 * 1024 * 1024,
} as const;
