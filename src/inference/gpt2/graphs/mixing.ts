/**
 * What the tokens of a text contribute to each other's streams in one layer's attention (ALTI: Ferrando et al. 2022,
 * "Measuring the Mixing of Contextual Information in the Transformer"). With A the patterns after the softmax and v the
 * values, token j gives token i
 *
 *     T_i(x_j) = Σ_h A^h_ij v_j^h W_O^h + 1[i = j] x_i,
 *
 * and the stream after the attention is y_i = Σ_j T_i(x_j) + b_O. The token's own stream counts as one more head, whose
 * pattern is the identity. The biases of the values are part of v, as each row of A sums to 1.
 *
 * T is S² C numbers large, so it is never whole in memory: one graph gives what all tokens need, a second one projects the
 * values of some tokens, a third one compares the sums with and without them.
 */
import type { Checkpoint } from '../../checkpoint/types.ts';
import { product } from '../../onnx/dims.ts';
import { Graph, type Value } from '../../onnx/graph.ts';
import {
  abs,
  add,
  cast,
  concat,
  div,
  equal,
  matmul,
  mul,
  reduceLast,
  reshape,
  scale,
  softmax,
  sqrt,
  sub,
  transpose,
  unsqueeze,
} from '../../onnx/ops.ts';
import { scoreScale } from '../layers/attention.ts';
import { mlp } from '../layers/block.ts';
import { type LayerContext, weight } from '../layers/context.ts';
import { linear } from '../layers/linear.ts';
import { causalMask } from '../layers/mask.ts';
import { projectParts } from '../layers/projection.ts';

/**
 * Inputs: `stream` `[S, C]`, the stream before the layer; `keys` and `values` `[S, 1, H, D]` of the layer, left from reading;
 * `positions` `[S]`; `heads` `[H]`: 0 … H − 1.
 * Outputs: `patterns` `[S, S, H + 1]`: source, query, head; `after` `[S, C]`: y; `norms` `[S]`: ‖y_i‖₁.
 */
export function mixingGraph({ config, weights }: Checkpoint, layer: number): Graph {
  const g = new Graph();
  const { heads: H, width: C } = config;
  const [S, D] = ['S', C / H];
  const context: LayerContext = { g, config, weights, S, B: 1, P: 0, T: S };
  const stream = g.input('stream', 'float', [S, C]);
  const keys = g.input('keys', 'float', [S, 1, H, D]);
  const values = g.input('values', 'float', [S, 1, H, D]);
  const positions = g.input('positions', 'int64', [S]);
  const heads = g.input('heads', 'int64', [H]);

  const query = projectParts(context, layer, stream, heads);
  const scores = matmul(
    g,
    { value: query, timeMajor: true },
    { value: keys, timeMajor: true, transpose: true },
    scoreScale(context, layer),
  );
  const pattern = softmax(g, add(g, scores, causalMask(context, positions, positions)));
  const perHead = matmul(g, { value: pattern }, { value: values, timeMajor: true });
  const mixed = reshape(g, transpose(g, perHead, [2, 0, 1, 3]), [S, C]);
  const after = add(g, stream, linear(context, `h.${layer}.attn.c_proj`, mixed));

  const ofHeads = transpose(g, reshape(g, pattern, [H, S, S]), [2, 1, 0]);
  const isOwn = equal(g, unsqueeze(g, positions, [1]), unsqueeze(g, positions, [0]));
  const own = unsqueeze(g, cast(g, isOwn, 'float'), [2]);
  g.output('patterns', concat(g, [ofHeads, own], 2), [S, S, H + 1]);
  g.output('after', after, [S, C]);
  g.output('norms', sumOfAbsolutes(g, after), [S]);
  return g;
}

/**
 * Inputs: `values` and `stream` `[J, C]` of some source tokens.
 * Output: `written` `[J, H + 1, C]`: v_j^h W_O^h for each head, then x_j.
 */
export function sourcesGraph({ config, weights }: Checkpoint, layer: number): Graph {
  const g = new Graph();
  const { heads: H, width: C } = config;
  const [J, D] = ['J', C / H];
  const context: LayerContext = { g, config, weights, S: J, B: 1, P: 0, T: J };
  const values = g.input('values', 'float', [J, C]);
  const stream = g.input('stream', 'float', [J, C]);
  const projection = weight(context, `h.${layer}.attn.c_proj.weight`, [1, H, D, C]);
  const byHead = { value: reshape(g, values, [J, 1, H, D]), timeMajor: true };
  const projected = transpose(g, matmul(g, byHead, { value: projection }), [2, 0, 1, 3]);
  const parts = [reshape(g, projected, [J, H, C]), unsqueeze(g, stream, [1])];
  g.output('written', concat(g, parts, 1), [J, H + 1, C]);
  return g;
}

/**
 * Inputs: `patterns` `[J, Q, H + 1]` of some sources and queries, `written` `[J, H + 1, C]` by the sources, `after`
 * `[Q, C]`: y of the queries.
 * Output: `distances` `[J, Q]`: ‖y_i − T_i(x_j)‖₁.
 */
export function distancesGraph({ config }: Checkpoint): Graph {
  const g = new Graph();
  const { heads: H, width: C } = config;
  const [J, Q] = ['J', 'Q'];
  const patterns = g.input('patterns', 'float', [J, Q, H + 1]);
  const written = g.input('written', 'float', [J, H + 1, C]);
  const after = g.input('after', 'float', [Q, C]);
  const left = sub(g, given(g, patterns, written), after);
  g.output('distances', sumOfAbsolutes(g, left), [J, Q]);
  return g;
}

/**
 * Inputs: those of {@link distancesGraph}, and `whole` `[Q, C]`, the stream after the layer. The last pattern is 0: a token
 * keeps its own stream.
 * Output: `distances` `[J, Q]`: 1 − cos between the layer's output and its output without each source's values.
 */
export function zeroingGraph({ config, weights }: Checkpoint, layer: number): Graph {
  const g = new Graph();
  const { heads: H, width: C } = config;
  const [J, Q] = ['J', 'Q'];
  const context: LayerContext = { g, config, weights, S: Q, B: J, P: 0, T: Q };
  const patterns = g.input('patterns', 'float', [J, Q, H + 1]);
  const written = g.input('written', 'float', [J, H + 1, C]);
  const after = g.input('after', 'float', [Q, C]);
  const whole = g.input('whole', 'float', [Q, C]);
  const middle = reshape(g, sub(g, after, given(g, patterns, written)), [product([J, Q]), C]);
  const without = reshape(g, add(g, middle, mlp(context, layer, middle)), [J, Q, C]);
  // ½ ‖a/|a| − b/|b|‖²: 1 less a cosine near 1 would lose most of its digits.
  const apart = sub(g, ofLengthOne(g, without), ofLengthOne(g, whole));
  const squares = reduceLast(g, 'ReduceSum', mul(g, apart, apart), false);
  g.output('distances', scale(g, squares, 0.5), [J, Q]);
  return g;
}

function ofLengthOne(g: Graph, x: Value): Value {
  return div(g, x, sqrt(g, reduceLast(g, 'ReduceSum', mul(g, x, x), true)));
}

/** ‖x‖₁ over the last axis, in two operations: the runtime's `ReduceL1` takes longer than both. */
const sumOfAbsolutes = (g: Graph, x: Value) => reduceLast(g, 'ReduceSum', abs(g, x), false);

/** T: what each source gives each query, `[J, Q, C]`. */
function given(g: Graph, patterns: Value, written: Value): Value {
  return matmul(g, { value: patterns }, { value: written });
}
