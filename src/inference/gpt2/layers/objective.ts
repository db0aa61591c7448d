/**
 * f, the scalar that is explained, at one position, with its gradient. With y = ln_f(h), z = U y the logits,
 * p = softmax z, t the target and k the foil:
 *
 * - linear:      f = z_t − w z_k   (w = 1: contrast, Yin & Neubig 2022; w = 0: logit),  df/dy = U_t − w U_k
 * - log-prob:    f = z_t − logsumexp z,                                                  df/dy = U_t − pᵀ U
 * - probability: f = p_t,                                                                df/dy = p_t (U_t − pᵀ U)
 */
import type { Dim } from '../../onnx/dims.ts';
import type { Value } from '../../onnx/graph.ts';
import {
  exp,
  gatherRows,
  gemm,
  mul,
  reduceLast,
  reshape,
  softmax,
  split,
  sub,
  unsqueeze,
} from '../../onnx/ops.ts';
import type { LayerContext } from './context.ts';
import { layerNorm, layerNormVjp } from './layerNorm.ts';
import { type Ends, exponentialSecant, layerNormSecant, logSumExpSecant } from './secant.ts';
import { unembedding } from './unembed.ts';

export type ObjectiveForm = 'linear' | 'log-prob' | 'probability';

export interface ObjectiveInputs {
  /** `[1]` int64 each. */
  target: Value;
  foil: Value;
  /** `[1]` float. */
  foilWeight: Value;
}

/** The inputs `target`, `foil` `[1]` and `foil_weight` `[1]`. */
export function objectiveInputs({ g }: LayerContext): ObjectiveInputs {
  return {
    target: g.input('target', 'int64', [1]),
    foil: g.input('foil', 'int64', [1]),
    foilWeight: g.input('foil_weight', 'float', [1]),
  };
}

/** @returns value `[B]` and its gradient with respect to the stream h `[B, C]` */
export function objective(
  context: LayerContext,
  form: ObjectiveForm,
  h: Value,
  { target, foil, foilWeight }: ObjectiveInputs,
): { value: Value; gradient: () => Value } {
  const { g, B } = context;
  const U = unembedding(context);
  const y = layerNorm(context, 'ln_f', h);
  const targetRow = gatherRows(g, U, target);
  const finish = (value: Value, dy: () => Value) => ({
    value: reshape(g, value, [B as Dim]),
    gradient: () => layerNormVjp(context, 'ln_f', dy(), h),
  });

  if (form === 'linear') {
    const direction = sub(g, targetRow, mul(g, gatherRows(g, U, foil), unsqueeze(g, foilWeight, [1])));
    return finish(gemm(g, y, direction, null, true), () => direction);
  }

  const logits = gemm(g, y, U, null, true);
  const logProbability = sub(
    g,
    gemm(g, y, targetRow, null, true),
    reduceLast(g, 'ReduceLogSumExp', logits, true),
  );
  const dLogProbability = () => sub(g, targetRow, gemm(g, softmax(g, logits), U, null));
  if (form === 'log-prob') return finish(logProbability, dLogProbability);
  const probability = exp(g, logProbability);
  return finish(probability, () => mul(g, dLogProbability(), probability));
}

/**
 * f of an input and its reference, and DeepLIFT's multipliers between them: of a logarithm, an exponential and a layer norm
 * as in `secant.ts`.
 * @param h the stream of both, `[2, C]`
 * @returns value `[2]`, and the multipliers of the stream, `[1, C]`
 */
export function objectiveSecant(
  context: LayerContext,
  form: ObjectiveForm,
  h: Value,
  { target, foil, foilWeight }: ObjectiveInputs,
): { value: Value; multipliers: Value } {
  const { g } = context;
  const ends = (both: Value): Ends => {
    const [at, reference] = split(g, both, 0, 2) as [Value, Value];
    return { at, reference };
  };
  const U = unembedding(context);
  const y = layerNorm(context, 'ln_f', h);
  const targetRow = gatherRows(g, U, target);
  const finish = (value: Value, my: Value) => ({
    value: reshape(g, value, [2]),
    multipliers: layerNormSecant(context, 'ln_f', my, ends(h)),
  });
  if (form === 'linear') {
    const direction = sub(g, targetRow, mul(g, gatherRows(g, U, foil), unsqueeze(g, foilWeight, [1])));
    return finish(gemm(g, y, direction, null, true), direction);
  }

  const logits = gemm(g, y, U, null, true);
  const logProbability = sub(
    g,
    gemm(g, y, targetRow, null, true),
    reduceLast(g, 'ReduceLogSumExp', logits, true),
  );
  const ofSum = logSumExpSecant(context, ends(softmax(g, logits)), ends(logits));
  const my = sub(g, targetRow, gemm(g, ofSum, U, null));
  if (form === 'log-prob') return finish(logProbability, my);
  const probability = exp(g, logProbability);
  const { at, reference } = ends(logProbability);
  const slope = exponentialSecant(context, ends(probability), sub(g, at, reference));
  return finish(probability, mul(g, my, slope));
}
