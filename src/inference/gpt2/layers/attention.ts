/**
 * Causal multi-head attention between the query-key-value projection and the output projection.
 *
 * What came before (the past) is known by its keys and values, the same for all sequences. They are not concatenated
 * with the present ones: that would copy them for every generated token, which costs more than attending to them.
 */
import { type Dim, product } from '../../onnx/dims.ts';
import type { Value } from '../../onnx/graph.ts';
import {
  add,
  concat,
  last,
  matmul,
  mul,
  reduceLast,
  reshape,
  softmax,
  split,
  splitInTwo,
  sub,
  transpose,
  unsqueeze,
} from '../../onnx/ops.ts';
import type { LayerContext } from './context.ts';

export interface KeysAndValues {
  keys: Value;
  values: Value;
}

export interface AttentionParts {
  /** `[S, B, H, D]`, or `[1, B, H, D]` where only the last query is asked for. */
  query: Value;
  /** `[S, B, H, D]`. */
  present: KeysAndValues;
  /** `[P, 1, H, D]`; null when P = 0. */
  past: KeysAndValues | null;
  /** Before the softmax, with what the mask adds, `[B, H, S or 1, T]`. */
  scores: Value;
  /** After the softmax, `[B, H, S or 1, T]`. */
  pattern: Value;
  /** The heads' outputs side by side, `[B*S or B, C]`; with a `headMask` for M sequences `[M*S or M, C]`. */
  mixed: Value;
}

export interface AttentionOptions {
  layer: number;
  /** `[P, 1, H, D]`; null when P = 0. */
  past: KeysAndValues | null;
  /** Added to the scores, `[S, T]` or `[B, 1, S, T]`; null when only the last query is asked for. */
  mask: Value | null;
  /** Added to the scores of the only query, `[B, 1, 1, T]`; without it, that query sees everything. */
  lastMask?: Value;
  /**
   * Multiplied onto the heads' outputs: 0 switches a head off. `[M, H, 1, 1]`; M is B, or any number if B is 1. The
   * backward pass does not support it.
   */
  headMask?: Value;
}

/** qkv `[B*S, 3C]` → pattern softmax(α q kᵀ + mask) and mixed pattern · v. */
export function attention(context: LayerContext, qkv: Value, options: AttentionOptions): AttentionParts {
  const { g, config, S, B } = context;
  const { heads: H, width: C } = config;
  const parts = split(g, reshape(g, qkv, [S, B, 3 * H, C / H]), 2, 3) as [Value, Value, Value];
  const [queries, keys, values] = parts;
  const query = options.mask ? queries : last(g, queries, 0);
  const present = { keys, values };
  const { past } = options;

  const products = againstAll(context, query, past?.keys, keys, scoreScale(context, options.layer));
  const mask = options.mask ?? options.lastMask;
  const scores = mask ? add(g, products, mask) : products;
  const pattern = softmax(g, scores);
  const all = overAll(context, pattern, past?.values, values);
  const perHead = options.headMask ? mul(g, all, options.headMask) : all;
  const [sequences] = perHead.shape as [Dim];
  const rows = product(options.mask ? [S, sequences] : [sequences]);
  const mixed = reshape(g, transpose(g, perHead, [2, 0, 1, 3]), [rows, C]);
  return { query, present, past, scores, pattern, mixed };
}

/**
 * With A the pattern, O = A v and dO the gradient of `mixed`:
 * dv = Aᵀ dO;  dA = dO vᵀ;  through the softmax dZ = A ⊙ (dA − Σ_d dO ⊙ O);  dq = α dZ k;  dk = α dZᵀ q.
 * The past is constant, so dk and dv are those of the present alone.
 * @param isLast `[S, 1]`, 1 in the last row: places the gradient of the only query; null if all queries were computed
 * @param onPattern receives dA, `[B, H, S or 1, T]`, as soon as it exists, so that nodes made from it stay beside it
 * when the graph is cut into stages
 * @returns the gradient of qkv, `[B*S, 3C]`
 */
export function attentionVjp(
  context: LayerContext,
  dMixed: Value,
  parts: AttentionParts,
  options: AttentionOptions,
  isLast: Value | null,
  onPattern?: (dPattern: Value) => void,
): Value {
  const { g, config, S, B } = context;
  const { heads: H, width: C } = config;
  return productsVjp(context, dMixed, parts, options, isLast, (dPattern) => {
    onPattern?.(dPattern);
    const perHead = [options.mask === null ? 1 : S, B, H, C / H];
    const inner = reduceLast(g, 'ReduceSum', reshape(g, mul(g, dMixed, parts.mixed), perHead), false);
    const ofRows = unsqueeze(g, transpose(g, inner, [1, 2, 0]), [3]);
    return mul(g, parts.pattern, sub(g, dPattern, ofRows));
  });
}

/**
 * All of {@link attentionVjp} but the softmax: what is linear in each of two factors.
 * @param throughSoftmax from what reaches the pattern to what reaches the scores
 */
export function productsVjp(
  context: LayerContext,
  dMixed: Value,
  { query, present, past, pattern }: Pick<AttentionParts, 'query' | 'present' | 'past' | 'pattern'>,
  options: Pick<AttentionOptions, 'layer' | 'mask'>,
  isLast: Value | null,
  throughSoftmax: (dPattern: Value) => Value,
): Value {
  const { g, config, S, B } = context;
  const { heads: H, width: C } = config;
  const onlyLast = options.mask === null;
  const perHead = [onlyLast ? 1 : S, B, H, C / H];
  const alpha = scoreScale(context, options.layer);

  const dHeads = reshape(g, dMixed, perHead);
  const dScores = throughSoftmax(againstAll(context, dHeads, past?.values, present.values, 1));

  const dQuery = overAll(context, dScores, past?.keys, present.keys, alpha);
  const ofPresent = (x: Value) => ({ value: past ? presentPart(context, x) : x, transpose: true });
  const dKey = matmul(g, ofPresent(dScores), { value: query, timeMajor: true }, alpha);
  const dValue = matmul(g, ofPresent(pattern), { value: dHeads, timeMajor: true });
  const together = concat(g, [onlyLast ? mul(g, dQuery, isLast as Value) : dQuery, dKey, dValue], 1);
  return reshape(g, transpose(g, together, [2, 0, 1, 3]), [product([S, B]), 3 * C]);
}

/** α: what the products of queries and keys are multiplied by. */
export function scoreScale({ config }: Pick<LayerContext, 'config'>, layer: number): number {
  const byWidth = config.scaleAttention ? 1 / Math.sqrt(config.width / config.heads) : 1;
  return config.scaleAttentionByInverseLayer ? byWidth / (layer + 1) : byWidth;
}

/** α · x yᵀ for x `[S or 1, B, H, D]` and y the past and the present: `[B, H, S or 1, T]`. */
function againstAll(
  { g }: LayerContext,
  x: Value,
  past: Value | undefined,
  present: Value,
  alpha: number,
): Value {
  const against = (y: Value) =>
    matmul(g, { value: x, timeMajor: true }, { value: y, timeMajor: true, transpose: true }, alpha);
  return past ? concat(g, [against(past), against(present)], 3) : against(present);
}

/** α · w y for weights w `[B, H, S or 1, T]` and y the past and the present: `[B, H, S or 1, D]`. */
function overAll(context: LayerContext, w: Value, past: Value | undefined, present: Value, alpha = 1): Value {
  const { g, P, S } = context;
  const over = (weights: Value, y: Value) =>
    matmul(g, { value: weights }, { value: y, timeMajor: true }, alpha);
  if (!past) return over(w, present);
  const [ofPast, ofPresent] = splitInTwo(g, w, 3, P, S);
  return add(g, over(ofPast, past), over(ofPresent, present));
}

/** `[…, T]` → `[…, S]`. */
function presentPart({ g, P, S }: LayerContext, x: Value): Value {
  return splitInTwo(g, x, 3, P, S)[1];
}
