/**
 * Occlusion, or leave one out (Zeiler & Fergus 2014; Li et al. 2016, "representation erasure"): f(x) − f without token i,
 * which is removed by the operator that is chosen: its embedding replaced by the baseline's (as those authors have it),
 * hidden from the other tokens, left out of the text, or drawn anew. f(x′) is f without all of them.
 */
import type { AttributionMethod, Remainder } from './method.ts';

export const occlusion: AttributionMethod<'occlusion'> = async (f, options) => {
  const tokens = Array.from({ length: f.count }, (_, token) => token);
  const [whole, none] = (await f.without([[], tokens], options)) as [Remainder, Remainder];
  const left = await f.without(
    tokens.map((token) => [token]),
    options,
  );
  const standardErrors = Float64Array.from(left, ({ standardError }) => standardError ?? 0);
  return {
    scores: Float64Array.from(left, ({ value }) => whole.value - value),
    ...(left.some(({ standardError }) => standardError !== null) && { standardErrors }),
    ...{ value: whole.value, baselineValue: none.value },
  };
};
