/**
 * What the engine answers: plain data, structured-clone safe, no sentences.
 *
 * Units: probabilities in [0, 1]; log-probabilities, entropies and logits in nats; offsets are UTF-16 code
 * units of the text in the request; token positions are indices into the request's own tokens, without BOS.
 */
import type { MethodChoice } from './methods.ts';

/**
 * A token that is shown. `name` is only there where its bytes are not text by themselves: by bytes, ` ‹E5 9B›`; where it
 * stands in the text, by its character and which part of it this is, `国 1/3`. It is for people: nothing is found by it,
 * and nothing inserted.
 */
export interface ShownToken {
  id: number;
  /** The token's bytes decoded as UTF-8; bytes that are only part of a character become U+FFFD. */
  text: string;
  name?: string;
}

/** One token of the text. Ranges of consecutive tokens tile the text: `end` of one is `start` of the next. */
export interface TokenSpan extends ShownToken {
  start: number;
  /** Equals `start` for a token that only continues a character begun by an earlier token. */
  end: number;
  /** Only where it begins inside of a character. */
  inside?: true;
}

export interface ScoredSpan extends TokenSpan {
  /** Contribution to the objective, unnormalised, signed where the method has a sign. */
  score: number;
}

export interface Alternative extends ShownToken {
  probability: number;
  logit: number;
}

/** The scalar f that is explained: z_t − z_foil, z_t, log p_t or p_t. */
export const objectives = ['contrast', 'logit', 'log-prob', 'probability'] as const;
export type Objective = (typeof objectives)[number];

/** What replaces a token's embedding `wte[id]`: zeros, the mean row of `wte`, or the row of `<|endoftext|>`. */
export const baselines = ['zero', 'mean', 'eot'] as const;
export type Baseline = (typeof baselines)[number];

/** What every result is stamped with. */
export interface Receipt {
  whytoken: string;
  model: { name: string; sha256: string };
  /** SHA-256 of the UTF-8 of the text that the model was given. */
  textSha256: string;
  /** Whether `<|endoftext|>` was prepended. */
  bos: boolean;
  /** Tokens at the front of the text that did not fit into the context and were not read. */
  droppedTokens: number;
  milliseconds: number;
}

/** The method is told with its options, as asked for. */
export type ExplainReceipt = Receipt & ExplainedQuestion & MethodChoice;

interface ExplainedQuestion {
  objective: Objective;
  baseline: Baseline;
  /** The UTF-16 range whose tokens are explained: up to the prediction where that was asked for by an offset. */
  range: { start: number; end: number };
  target: number;
  /** The foil's tokens; empty where nothing is contrasted. */
  foil: number[];
  at: number;
}

/** What the tokens of a text contributed to a prediction. */
export interface ExplainedTokens {
  receipt: ExplainReceipt;
  tokens: ScoredSpan[];
  /**
   * `position`: index of the predicted token; equal to the number of tokens when it comes after the text. `span`: where
   * the token that stands there lies in the text, null after the text.
   */
  target: ShownToken & {
    position: number;
    span: { start: number; end: number } | null;
    probability: number;
  };
  /** `id` and `ids`: its first token and all of them; `probability`: of all of them, one after the other. */
  foil: (ShownToken & { ids: number[]; probability: number }) | null;
  /** Evaluations of f or of its gradient, in sequences. */
  evaluations: number;
  /**
   * What each layer wrote straight to the prediction, and from which token: `[row, token]`, tokens as in `tokens`, each
   * column summing to the token's score. Rows = 1 + 2L: the embedding, then the attention and the MLP of each layer. null
   * for the methods that do not tell layers apart.
   */
  layers: { rows: number; contributions: Float32Array } | null;
  /** True while a better answer to the same request is still to come. */
  refining: boolean;
  next: Alternative[];
}

export interface Explanation extends ExplainedTokens {
  /** f(x). */
  value: number;
  /** f(x′); for a method without a baseline, f with every explained token removed by that method's own rule. */
  baselineValue: number;
  /** δ = Σ scores − (f(x) − f(x′)); null where the method does not claim to sum up. */
  delta: number | null;
}

/** On the way to an explanation, so that there is something to see: f(x) and f(x′) have not been computed yet. */
export interface FirstScores extends ExplainedTokens {
  value: null;
  baselineValue: null;
  delta: null;
}

export type PartialExplanation = FirstScores | Explanation;

export interface TokenScore extends TokenSpan {
  /** log p(token | everything before it); null for the first token when there is no BOS. */
  logProb: number | null;
  /** 1 for the most probable token. */
  rank: number | null;
  /** Entropy of the distribution that the token was drawn from. */
  entropy: number | null;
  /** How many tokens of the text the model had before it. */
  context: number;
  top: (ShownToken & { probability: number })[];
}

export interface Scores {
  receipt: Receipt;
  /** Tokens from the beginning of one window to that of the next, as it was; null: there was one window alone. */
  stride: number | null;
  tokens: TokenScore[];
  /** The distribution after the text; empty where the range ends before the text does, as the end is not read then. */
  next: Alternative[];
}

/** Log-probability, rank and the rest are the model's own: before temperature, penalty, top-k and top-p. */
export interface GeneratedToken extends ShownToken {
  logProb: number;
  rank: number;
  entropy: number;
  top: (ShownToken & { probability: number })[];
}

export interface GeneratedSequence {
  text: string;
  /** The tokens that `text` shows something of. */
  tokens: GeneratedToken[];
  /** Why it ends: `maxTokens`, a stop text, the model's own end of the text, or the end of its context. */
  ended: 'length' | 'stop' | 'end-of-text' | 'context';
}

export interface Sampling {
  /** 0 is greedy. */
  temperature: number;
  /** 0 keeps all. */
  topK: number;
  /** 1 keeps all. */
  topP: number;
  /**
   * Positive logits of tokens that occurred before are divided by it, negative ones multiplied (Keskar et al. 2019);
   * 1: none.
   */
  repetitionPenalty: number;
}

export interface GenerateReceipt extends Receipt, Sampling {
  seed: number;
  maxTokens: number;
  stop: string[];
  first: number | null;
}

export interface Generation {
  receipt: GenerateReceipt;
  sequences: GeneratedSequence[];
}

export interface AttentionMaps {
  receipt: Receipt;
  tokens: TokenSpan[];
  /** Indices of the layers and heads that were asked for, in the order of the maps. */
  layers: number[];
  heads: number[];
  /** Post-softmax weights: one `[query, key]` matrix, row-major, per `[layer][head]`. */
  attention: Float32Array[][];
}

/** What one token, the query, attends to. */
export interface AttentionRows {
  receipt: Receipt;
  /** The keys: what was read up to the query, which is the last one. With BOS it is the first; its range is empty. */
  tokens: TokenSpan[];
  /** The view's weight of each key, summing to 1: `[key]`. */
  weights: Float32Array;
  layers: number;
  heads: number;
  /** The post-softmax weights of every head: `[layer, head, key]`. */
  rows: Float32Array;
  /** What the model expects after the query. */
  next: Alternative[];
}

/** Heads by layer. */
export interface HeadIndex {
  layer: number;
  head: number;
}

/** One candidate for the next token. */
export interface Candidate extends Alternative {
  /** Probability of being drawn, after temperature, top-k and top-p; 0 when it is cut off. */
  drawn: number;
}

/** The distribution of one token, as the model gives it and as it would be drawn from. */
export interface NextTokens {
  receipt: Receipt & { at: number; temperature: number; topK: number; topP: number; without: HeadIndex[] };
  /** The most probable first. */
  candidates: Candidate[];
  /** All tokens that are not listed, together. */
  tail: { count: number; probability: number; drawn: number };
  /** How many tokens of the vocabulary can be drawn: at temperature 0 one. */
  kept: number;
  /** Of the model's own distribution, and of the one that is drawn from. */
  entropy: number;
  drawnEntropy: number;
  /** The token that stands there, null after the text. Its rank is 1 for the most probable token. */
  actual: (Alternative & { rank: number; drawn: number; span: { start: number; end: number } }) | null;
}

/**
 * The logit lens (nostalgebraist 2020): ln_f and the unembedding applied to the residual stream between the layers. Row 0
 * is the stream before the first layer, row L the model's own prediction: `rows` = L + 1.
 */
export interface Lens {
  receipt: Receipt;
  /**
   * The tokens whose next token is predicted, in reading order. BOS is the first, and its range is empty, where it is read
   * and nothing stands between it and the range.
   */
  tokens: TokenSpan[];
  rows: number;
  /** The most probable token of each cell and its probability: `[row, token]`. */
  ids: Int32Array;
  probabilities: Float32Array;
  /** The texts of all ids in `ids`. */
  texts: ShownToken[];
  /** The token that is followed through the rows: its rank (1 is the first) and its probability, `[row, token]`. */
  followed: (ShownToken & { ranks: Int32Array; probabilities: Float32Array }) | null;
}

/** What one attention map shows: see {@link AttentionMapParams}. */
export interface AttentionMap {
  receipt: Receipt;
  /** Queries and keys. With BOS it is the first; its range is empty. */
  tokens: TokenSpan[];
  /**
   * How many rows and columns the map has: the tokens, or fewer where it was pooled. The token t is in the row and the
   * column ⌊t · size / tokens⌋.
   */
  size: number;
  /** `[query, key]`, row-major; 0 above the diagonal. */
  weights: Float32Array;
  /** The largest weight. */
  most: number;
}

/** All heads of a text as small maps. */
export interface AttentionThumbnails {
  receipt: Receipt;
  tokens: TokenSpan[];
  layers: number;
  heads: number;
  /** As that of {@link AttentionMap}. */
  size: number;
  /** `[layer, head, query, key]`, each the largest weight of its cell in 1/255. */
  weights: Uint8Array;
}

/**
 * What heads do on a random sequence of tokens that is repeated once, as means over the tokens of the second copy
 * (Olsson et al. 2022, as in TransformerLens' head detector): the attention to the token before, to the token itself in
 * the first copy, and to the one after that. `first`: to the sequence's first token. All `[layer, head]`. Nothing stands
 * before the first copy; its tokens are drawn uniformly from the vocabulary without `<|endoftext|>`.
 */
export interface HeadPatterns {
  model: { name: string; sha256: string };
  seed: number;
  /** Tokens of one copy. */
  length: number;
  sequences: number;
  layers: number;
  heads: number;
  previous: Float32Array;
  duplicate: Float32Array;
  induction: Float32Array;
  first: Float32Array;
}

/**
 * What the prediction loses when a part of the model is switched off at all time steps: f(whole) − f(without it). Zeros
 * take the place of a head's output before the output projection, or of all that an MLP writes. f is the contrast of
 * target and foil in logits, or the target's logit where there is no foil.
 */
export interface Importance {
  receipt: Receipt & { at: number; target: number; foil: number | null };
  target: ShownToken & { probability: number };
  foil: (ShownToken & { probability: number }) | null;
  value: number;
  layers: number;
  heads: number;
  /** `[layer, head]` and `[layer]`; NaN where it is not known yet. */
  ofHeads: Float32Array;
  ofMlps: Float32Array;
}

/** One tensor of the checkpoint. */
export interface WeightFacts {
  /** As in the file, without a leading `transformer.`. */
  name: string;
  shape: number[];
  dtype: 'F32' | 'F16' | 'BF16';
  parameters: number;
  bytes: number;
  /** Frobenius norm, root mean square and largest magnitude of its values. */
  norm: number;
  rms: number;
  most: number;
  /** Values further than 6 root mean squares from zero. */
  outliers: number;
}

export interface Structure {
  info: { name: string; sha256: string; folder: string };
  config: {
    layers: number;
    heads: number;
    width: number;
    inner: number;
    contextLength: number;
    vocabularySize: number;
    activation: string;
    /** Whether the unembedding is wte itself. */
    tied: boolean;
  };
  /** In the order of the forward pass. */
  weights: WeightFacts[];
  /**
   * ‖W_V W_O‖ of each head, `[layer, head]`, and ‖W_in‖ · ‖W_out‖ of each MLP, `[layer]` (Frobenius): how much a part can
   * write, whatever the text.
   */
  ofHeads: Float32Array;
  ofMlps: Float32Array;
}
