/** Bounds that both sides of a boundary must agree on. */
export const limits = {
  /** UTF-16 units of one request's text. The host cuts longer texts before it sends them. */
  textLength: 4 * 1024 * 1024,
  /** Fixed steps of a path method. With `auto` it stops by itself. */
  steps: 2_000,
  /** How many noisy copies of a text SmoothGrad averages. */
  samples: 1_000,
  /** Sets of removed tokens that one question evaluates f at. */
  masks: 100_000,
  /** Tokens of context that a prediction is probed with. */
  probedTokens: 1_024,
  /** Methods that an explanation is compared with. */
  others: 8,
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
  /** Bytes of the maps of all tokens by all tokens that a request may hold at once. */
  mapBytes: 2 ** 30,
  /** Rows and columns of a pooled attention map. */
  mapSize: 4096,
  /** Of the random sequences that heads are measured on: tokens of one copy, and how many sequences. */
  patternLength: 512,
  patternSequences: 64,
  /** Of a search for edits: evaluations, edits at once, ranges that are kept, the rank of a goal, and how many of the worst. */
  evaluations: 1_000_000,
  edits: 8,
  kept: 1_000,
  rank: 1_000,
  worst: 1_000,
  /** A safetensors header. The format's own limit. */
  safetensorsHeader: 100_000_000,
  /** config.json, tokenizer.json, vocab.json, merges.txt. */
  jsonFile: 64 * 1024 * 1024,
} as const;
