/**
 * What each part of the model writes directly to f at the predicting token. The logits are affine in the residual
 * stream once the deviation in the final layer norm is held constant (Elhage et al. 2021, "A Mathematical Framework for
 * Transformer Circuits"). With w = U_target − U_foil, σ the deviation of the last stream, P = I − 11ᵀ/C and u = P(γ ⊙
 * w)/σ,
 *
 *     f(x) = Σ over everything written to the stream (· u) + β · w.
 *
 * What an attention layer writes is split by the token that the value came from (Ferrando et al. 2023, "Explaining How
 * Transformers Use Context to Build Predictions", the first step of ALTI-Logit).
 */
import type { Checkpoint, MappedWeights } from '../checkpoint/types.ts';
import type { Run } from '../run.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats } from '../runtime/tensors.ts';
import type { Contrast } from './contrast.ts';
import type { Network } from './network.ts';
import type { Sequence } from './sequence.ts';
import type { StreamRows } from './streams.ts';

export interface DirectWrites {
  rows: number;
  /** `[row, token]`. */
  contributions: Float32Array;
  /** `[layer, head]`: what each head wrote, from all tokens; the sums of these are the sums of the attentions' rows. */
  heads: Float32Array;
  /** The part of f that belongs to no token. */
  rest: number;
}

export interface WritesQuestion {
  /** Has been read at least up to the predicting token. */
  sequence: Sequence;
  predictsAt: number;
  /** Of the text up to there, if they are known. */
  streams: StreamRows | null;
  contrast: Contrast;
}

/**
 * Rows: the embedding; then for each layer its attention, split by source token, and its MLP with its biases. The
 * embedding and the MLPs count for the predicting token. The rest is what belongs to no token: the biases of the
 * attentions' output projections and β · w.
 *
 * Without the streams only the predicting token is read again: the keys and values of all others are known.
 * @throws EngineError `tensor-not-finite`, `result-not-finite`
 */
export async function directWrites(
  network: Pick<Network, 'checkpoint' | 'programs' | 'soundness'>,
  { sequence, predictsAt, streams: known, contrast }: WritesQuestion,
  run: Run,
): Promise<DirectWrites> {
  const { checkpoint, programs, soundness } = network;
  const { weights } = checkpoint;
  const { layers, width, heads: H } = checkpoint.config;
  const streams = known
    ? known.map((rows) => rows.subarray(-width))
    : await streamsAt(layers, sequence, predictsAt, run);
  const { u, offset } = directionOf(checkpoint, streams[layers] as Float32Array, contrast);
  const direction = floats(u, [1, width]);

  const tokens = predictsAt + 1;
  const contributions = new Float32Array((1 + 2 * layers) * tokens);
  const ofHeads = new Float32Array(layers * H);
  let rest = offset;
  const give = (row: number, token: number, amount: number) => {
    contributions[row * tokens + token] = amount;
  };
  give(0, predictsAt, dot(streams[0] as Float32Array, u));
  for (let layer = 0; layer < layers; layer++) {
    const program = await programs.writes(run, layer);
    const { keys, values } = sequence.cache.view(layer, tokens);
    const shape = [tokens, 1, ...sequence.cache.perHead];
    const feeds = {
      stream: floats(streams[layer] as Float32Array, [1, width]),
      keys: floats(keys, shape),
      values: floats(values, shape),
      direction,
    };
    const { attention, heads, mlp } = await fetch(program, feeds, ['attention', 'heads', 'mlp']);
    ofHeads.set(heads, layer * H);
    for (const [token, amount] of attention.entries()) give(1 + 2 * layer, token, amount);
    give(2 + 2 * layer, predictsAt, mlp[0] as number);
    rest += dot(vector(weights, `h.${layer}.attn.c_proj.bias`, width), u);
    await run.breathe();
  }
  await soundness.finite(
    contributions.reduce((sum, one) => sum + one, rest),
    run,
  );
  return { rows: 1 + 2 * layers, contributions, heads: ofHeads, rest };
}

/** `[layer]`, 0 … L: the stream of one token before each layer and before ln_f, `[C]` each. */
async function streamsAt(
  layers: number,
  sequence: Sequence,
  token: number,
  run: Run,
): Promise<Float32Array[]> {
  const streams: Float32Array[] = [];
  const id = sequence.ids[token] as number;
  sequence.truncate(token);
  await sequence.read([id], run, {
    residuals: {
      layers: Array.from({ length: layers + 1 }, (_, layer) => layer),
      take: (layer, stream) => {
        streams[layer] = stream;
      },
    },
  });
  return streams;
}

/** u and β · w. @param stream before ln_f, `[C]` */
function directionOf(
  { config, weights }: Checkpoint,
  stream: Float32Array,
  { target, foil }: Contrast,
): { u: Float32Array; offset: number } {
  const { width: C, layerNormEpsilon } = config;
  const unembedding = config.tied ? 'wte.weight' : 'lm_head.weight';
  const row = (id: number) => Float64Array.from(weights.rows(unembedding, [id]));
  const against = foil === null ? null : row(foil);
  const w = row(target).map((value, c) => value - (against?.[c] ?? 0));
  const mean = sum(stream) / C;
  const variance = sum(Float64Array.from(stream, (value) => (value - mean) ** 2)) / C;
  const deviation = Math.sqrt(variance + layerNormEpsilon);
  const gain = vector(weights, 'ln_f.weight', C);
  const scaled = w.map((value, c) => value * (gain[c] as number));
  const scaledMean = sum(scaled) / C;
  return {
    u: Float32Array.from(scaled, (value) => (value - scaledMean) / deviation),
    offset: dot(vector(weights, 'ln_f.bias', C), w),
  };
}

function vector(weights: MappedWeights, name: string, length: number): Float32Array {
  return weights.values(name, 0, length);
}

type Numbers = Float32Array | Float64Array;

function sum(values: Numbers): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function dot(a: Numbers, b: Numbers): number {
  let total = 0;
  for (let at = 0; at < a.length; at++) total += (a[at] as number) * (b[at] as number);
  return total;
}
