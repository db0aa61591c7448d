/**
 * Occlusion, or leave one out (Zeiler & Fergus 2014; Li et al. 2016, "representation erasure"):
 * f(x) − f(x with row i replaced by the baseline's row i).
 */
import type { AttributionMethod, Evaluation } from './method.ts';
import { atBaseline, atInput } from './points.ts';

export const occlusion: AttributionMethod<'occlusion'> = async (f) => {
  const { count, width } = f;
  const without = Array.from({ length: count }, (_, token) => {
    const rows = f.x.slice(token * width);
    rows.set(f.baseline.subarray(token * width, (token + 1) * width));
    return { from: token, rows };
  });
  const ends = (await f.evaluate([atInput(f), atBaseline(f)], { gradient: false })) as [
    Evaluation,
    Evaluation,
  ];
  const [{ value }, { value: baselineValue }] = ends;
  const occluded = await f.evaluate(without, { gradient: false });
  return { scores: Float64Array.from(occluded, (one) => value - one.value), value, baselineValue };
};
