/** Causal multi-head attention between the query-key-value projection and the output projection. */
import { product } from '../../onnx/dims.ts';
import type { Value } from '../../onnx/graph.ts';
import {
  add,
  concat,
  expand,
  matmul,
  mul,
  reduceLast,
  reshape,
  sliceFrom,
  softmax,
  split,
  sub,
  transpose,
  unsqueeze,
} from '../../onnx/ops.ts';
import type { LayerContext } from './context.ts';

export interface AttentionParts {
  /** `[S or 1, B, H, D]`: one query where only the last is asked for. */
  query: Value;
  /** Of the S time steps alone, `[S, B, H, D]`. */
  key: Value;
  value: Value;
  /** With the prefix in front, `[T, B, H, D]`. */
  keys: Value;
  values: Value;
  /** After the softmax, `[B, H, S or 1, T]`. */
  pattern: Value;
  /** The heads' outputs side by side, `[B*S or B, C]`. */
  mixed: Value;
}

export interface AttentionOptions {
  layer: number;
  /** The prefix's keys and values, `[P, C]`; null when P = 0. */
  past: { keys: Value; values: Value } | null;
  /** Added to the scores, `[S, T]`; null when only the last query is asked for, which may see everything. */
  mask: Value | null;
}

function scoreScale({ config }: LayerContext, layer: number): number {
  const byWidth = config.scaleAttention ? 1 / Math.sqrt(config.width / config.heads) : 1;
  return config.scaleAttentionByInverseLayer ? byWidth / (layer + 1) : byWidth;
}

/** qkv `[B*S, 3C]` → pattern softmax(α q kᵀ + mask) and mixed pattern · v. */
export function attention(context: LayerContext, qkv: Value, options: AttentionOptions): AttentionParts {
  const { g, config, S, B, P } = context;
  const { heads: H, width: C } = config;
  const D = C / H;
  const parts = split(g, reshape(g, qkv, [S, B, 3 * H, D]), 2, 3) as [Value, Value, Value];
  const [allQueries, key, value] = parts;
  const query = options.mask ? allQueries : sliceFrom(g, allQueries, 0, g.integers([-1]), 1);

  const withPast = (past: Value | undefined, present: Value) =>
    past ? concat(g, [expand(g, reshape(g, past, [P, 1, H, D]), [P, B, H, D]), present], 0) : present;
  const keys = withPast(options.past?.keys, key);
  const values = withPast(options.past?.values, value);

  const scores = matmul(
    g,
    { value: query, timeMajor: true },
    { value: keys, timeMajor: true, transpose: true },
    scoreScale(context, options.layer),
  );
  const pattern = softmax(g, options.mask ? add(g, scores, options.mask) : scores);
  const perHead = matmul(g, { value: pattern }, { value: values, timeMajor: true });
  const rows = options.mask ? [S, B] : [B];
  const mixed = reshape(g, transpose(g, perHead, [2, 0, 1, 3]), [product(rows), C]);
  return { query, key, value, keys, values, pattern, mixed };
}

/**
 * With A the pattern, O = A v and dO the gradient of `mixed`:
 * dv = Aᵀ dO;  dA = dO vᵀ;  through the softmax dZ = A ⊙ (dA − Σ_d dO ⊙ O);  dq = α dZ k;  dk = α dZᵀ q.
 * The prefix is constant, so dk and dv are computed for the S time steps alone.
 * @param isLast `[S, 1]`, 1 in the last row: puts the only query's gradient in its place
 * @returns the gradient of qkv, `[B*S, 3C]`
 */
export function attentionVjp(
  context: LayerContext,
  dMixed: Value,
  parts: AttentionParts,
  options: AttentionOptions,
  isLast: Value,
): Value {
  const { g, config, S, B, P } = context;
  const { heads: H, width: C } = config;
  const onlyLast = options.mask === null;
  const perHead = [onlyLast ? 1 : S, B, H, C / H];
  const alpha = scoreScale(context, options.layer);
  const { query, keys, values, pattern, mixed } = parts;

  const dHeads = reshape(g, dMixed, perHead);
  const dPattern = matmul(
    g,
    { value: dHeads, timeMajor: true },
    { value: values, timeMajor: true, transpose: true },
  );
  const inner = reduceLast(g, 'ReduceSum', reshape(g, mul(g, dMixed, mixed), perHead), false);
  const dScores = mul(g, pattern, sub(g, dPattern, unsqueeze(g, transpose(g, inner, [1, 2, 0]), [3])));

  const dQuery = matmul(g, { value: dScores }, { value: keys, timeMajor: true }, alpha);
  const present = (x: Value) => (options.past ? sliceFrom(g, x, 3, g.length(P), S) : x);
  const dKey = matmul(
    g,
    { value: present(dScores), transpose: true },
    { value: query, timeMajor: true },
    alpha,
  );
  const dValue = matmul(g, { value: present(pattern), transpose: true }, { value: dHeads, timeMajor: true });
  const dQueries = onlyLast ? mul(g, dQuery, isLast) : dQuery;
  const together = concat(g, [dQueries, dKey, dValue], 1);
  return reshape(g, transpose(g, together, [2, 0, 1, 3]), [product([S, B]), 3 * C]);
}
