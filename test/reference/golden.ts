/**
 * The golden files: what Hugging Face transformers, PyTorch's autograd and Captum compute in float64.
 *
 * make_golden.py writes them; this is their schema. Numbers have 10 significant digits, logits and entropies are
 * in nats. Rows and inputs count the model's whole input, BOS included; `at` and `range` count the text's tokens
 * only, like the engine's own positions: `row = at - 1 + (bos ? 1 : 0)`.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline, HeadPatterns, Objective, WeightFacts } from '../../src/protocol/results.ts';

/** The random checkpoints, whose folders are `goldenFolder(name)`. */
export const goldenCheckpoints = [
  'tied-f32',
  'untied-relu',
  'inverse-f16',
  'prefix-bf16',
  'one-head',
] as const;
export type GoldenName = (typeof goldenCheckpoints)[number] | 'bundled';

/** Row-major. */
export interface GoldenTensor {
  shape: number[];
  data: number[];
}

export interface GoldenToken {
  id: number;
  /** The token's bytes. */
  hex: string;
  /** They as UTF-8, with U+FFFD for parts of characters. */
  text: string;
  /** UTF-16 range; a character split over tokens belongs to the token with its first byte. */
  start: number;
  end: number;
}

export interface GoldenSequence {
  name: string;
  text: string;
  bos: boolean;
  /** The model's whole input. n of them below. */
  ids: number[];
  /** Some rows; of each every `stride`-th logit: of the ids 0, stride, 2 stride … (1: all of them). */
  logits: { row: number; stride: number; values: number[] }[];
  /** After softmax, `[n, n]`: query, key. */
  attentions: { layer: number; head: number; weights: GoldenTensor }[];
  /** `[L + 1, n, C]`: the embeddings (wte + wpe), then the residual stream after each block, before ln_f. */
  residuals: GoldenTensor | null;
  /** `[n, C]`: after ln_f. */
  finalHidden: GoldenTensor | null;
  /**
   * One per token of the text (BOS has none); null for a first token without BOS. `rank`: best and worst that rounding
   * may give, nearly always equal. `entropy`: of the distribution that the token was drawn from.
   */
  scores: { logProb: number | null; rank: [number, number] | null; entropy: number | null }[];
  /** The five most probable tokens after the text. */
  next: { id: number; probability: number; logit: number }[];
  /** Greedy continuation, the same with and without KV cache; empty where none was made. */
  greedy: { id: number; logProb: number }[];
}

/** One range of tokens taken to one baseline; other tokens and all positions are constant. */
export interface GoldenPath {
  /** Explained tokens [first, last) of the text. */
  range: [number, number];
  /** What replaces `wte[id]`. */
  baseline: Baseline;
  /** f(x′). */
  baselineValue: number;
  /** One score per explained token: the integral itself, as near as it was found. */
  integratedGradients: number[];
  /** Of the worst score: the larger of the quadrature's own estimate and |δ|. */
  integrationError: number;
  evaluations: number;
  /**
   * The same by Captum with that many Gauss–Legendre steps. What it misses of the integral is the quadrature's own
   * error: next to nothing where f is smooth, much on `untied-relu`.
   */
  captum: { steps: number; scores: number[] };
  /** f(x) − f(x with only this token's embedding replaced by the baseline's), one run per token. */
  occlusion: number[];
}

export interface GoldenExplanation {
  /** Name of the sequence. */
  sequence: string;
  /** The predicted position; the number of tokens: after the text. */
  at: number;
  target: number;
  foil: number;
  objective: Objective;
  /** f(x). */
  value: number;
  /** ∂f/∂x, `[n, C]`, x being `wte[id]` without positions, one row per input. */
  gradient: GoldenTensor;
  /** ‖∂f/∂x_i‖₂ per input. */
  gradientNorm: number[];
  /** x_i · ∂f/∂x_i per input. */
  inputXGradient: number[];
  /**
   * What is written straight to f, `[1 + 2L, n]`: the embedding, then each layer's attention by source and its MLP; the
   * rest belongs to no input. null where f is not linear in the logits.
   */
  directLogit: { rows: GoldenTensor; rest: number } | null;
  paths: GoldenPath[];
}

export interface Golden {
  schema: number;
  /** Versions of Python and its packages, and the arguments of make_golden.py. */
  madeWith: Record<string, string | string[]>;
  /** Of the model.safetensors that all numbers come from. */
  modelSha256: string;
  endOfText: number;
  /** Tricky texts and those of the sequences; texts that look like special tokens are text. */
  tokenizations: { text: string; tokens: GoldenToken[] }[];
  sequences: GoldenSequence[];
  explanations: GoldenExplanation[];
}

/** `verbs.json`: what is built on passes and gradients. */
export interface GoldenVerbs extends Pick<Golden, 'schema' | 'madeWith' | 'modelSha256'> {
  sequences: Pick<GoldenSequence, 'name' | 'text' | 'bos'>[];
  /** Texts longer than the context, in windows; one score per token, with the number of tokens before it in its window. */
  windows: {
    text: string;
    bos: boolean;
    stride: number;
    scores: { logProb: number | null; context: number }[];
  }[];
  /** Attention rollout; queries and keys count inputs. */
  rollouts: { sequence: string; rows: { query: number; weights: number[] }[] }[];
  /** The prediction after a sequence against several tokens. */
  phrases: GoldenPhrase[];
  /** Greedy generation with a repetition penalty; log-probabilities are the model's own. */
  penalties: { sequence: string; penalty: number; tokens: { id: number; logProb: number }[] }[];
  distributions: GoldenDistribution[];
  lenses: GoldenLens[];
  ablations: GoldenAblation[];
}

/** What is drawn from after temperature, top-k and top-p, with some heads switched off. */
export interface GoldenDistribution {
  sequence: string;
  at: number;
  temperature: number;
  topK: number;
  topP: number;
  without: { layer: number; head: number }[];
  /** The most probable ones, by the model itself. */
  candidates: { id: number; probability: number; logit: number; drawn: number }[];
  /** How many tokens can be drawn. */
  kept: number;
  entropy: number;
  drawnEntropy: number;
}

/** The logit lens on all inputs: `[row, input]`, row 0 being the embeddings. */
export interface GoldenLens {
  sequence: string;
  rows: number;
  /** Null where rounding decides which is the most probable. */
  ids: (number | null)[];
  probabilities: number[];
  /** `ranks`: best and worst that rounding may give. */
  followed: { id: number; ranks: [number, number][]; probabilities: number[] };
}

/** f − f without a head `[layer, head]` or an MLP `[layer]`; f is a contrast of logits, or a logit without a foil. */
export interface GoldenAblation {
  sequence: string;
  target: number;
  foil: number | null;
  value: number;
  ofHeads: number[];
  ofMlps: number[];
}

export interface GoldenPhrase extends Pick<GoldenExplanation, 'sequence' | 'target' | 'value' | 'gradient'> {
  foil: { text: string; ids: number[]; probability: number };
  paths: Pick<GoldenPath, 'range' | 'baseline' | 'baselineValue' | 'captum' | 'occlusion'>[];
}

/** `attention.json`, with seven digits: what is told of heads and weights. Queries and keys count inputs. */
export interface GoldenAttention extends Pick<Golden, 'schema' | 'madeWith' | 'modelSha256'> {
  sequences: Pick<GoldenSequence, 'name' | 'text' | 'bos'>[];
  /**
   * (A ⊙ ∂f/∂A)⁺, f being the target's logit after the sequence, less the foil's where there is one. `heads[layer][head]`
   * are the rows of a map, each up to the diagonal.
   */
  products: {
    sequence: string;
    target: number;
    foil: number | null;
    value: number;
    heads: number[][][][];
  }[];
  /** Whole, each row up to the diagonal. */
  rollouts: { sequence: string; rows: number[][] }[];
  /** `copies`: of each random sequence the tokens of one copy. */
  patterns: { copies: number[][] } & Record<
    keyof Pick<HeadPatterns, 'previous' | 'duplicate' | 'induction' | 'first'>,
    number[]
  >;
  structure: { weights: WeightFacts[]; ofHeads: number[]; ofMlps: number[] };
}

/** `removal.json`: f after a text, without some of its tokens, and of other texts in its place. */
export interface GoldenRemovals extends Pick<Golden, 'schema' | 'madeWith' | 'modelSha256'> {
  sequences: Pick<GoldenSequence, 'name' | 'text' | 'bos'>[];
  removals: GoldenRemoval[];
}

export interface GoldenRemoval extends Pick<GoldenExplanation, 'sequence' | 'target' | 'foil' | 'objective'> {
  /** Of the text's tokens; below, one value of f for each of them. */
  sets: number[][];
  baseline: Record<Baseline, number[]>;
  mask: number[];
  delete: number[];
  /** f's expectation and variance over what is drawn in the places of a set, by going through the whole vocabulary. */
  refill: { set: number[]; mean: number; variance: number }[];
  /** The model's whole input in each, and the norm of ∂f/∂x_i for each of its tokens. */
  edits: { name: string; ids: number[]; value: number; gradientNorm: number[] }[];
}

const schema = 1;

const bundledFolder = join(import.meta.dirname, '../../models/tiny-gpt2');

/** Every model that has a golden file, with its folder. */
export const goldenModels: { name: GoldenName; folder: string }[] = [
  ...goldenCheckpoints.map((name) => ({ name, folder: goldenFolder(name) })),
  { name: 'bundled', folder: bundledFolder },
];

export function goldenFolder(name: GoldenName): string {
  return join(import.meta.dirname, 'golden', name);
}

/**
 * The golden files of a checkpoint.
 *
 * @param modelDir the checkpoint's folder; needed for `bundled`, whose weights lie elsewhere
 * @throws Error `golden files are stale` when it was made from other weights
 */
export function loadGolden(
  name: GoldenName,
  modelDir: string = goldenFolder(name),
): { golden: Golden; verbs: GoldenVerbs; attention: GoldenAttention; removal: GoldenRemovals } {
  const weights = readFileSync(join(modelDir, 'model.safetensors'));
  const sha256 = createHash('sha256').update(weights).digest('hex');
  const read = <T extends Pick<Golden, 'schema' | 'modelSha256'>>(file: string): T => {
    const content = JSON.parse(readFileSync(join(goldenFolder(name), file), 'utf8')) as T;
    if (content.schema === schema && content.modelSha256 === sha256) return content;
    throw new Error(`golden files are stale: ${name}; make them again as test/reference/README.md says`);
  };
  return {
    golden: read<Golden>('golden.json'),
    verbs: read<GoldenVerbs>('verbs.json'),
    attention: read<GoldenAttention>('attention.json'),
    removal: read<GoldenRemovals>('removal.json'),
  };
}

/** The sequence that something is about. */
export function sequenceOf<S extends { name: string }>(
  golden: { sequences: S[] },
  about: { sequence: string },
): S {
  const sequence = golden.sequences.find(({ name }) => name === about.sequence);
  if (!sequence) throw new Error(`the golden file has no sequence ${about.sequence}`);
  return sequence;
}
