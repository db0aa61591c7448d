/**
 * Occlusion, or leave one out (Zeiler & Fergus 2014; Li et al. 2016, "representation erasure"): f(x) − f without token
 * i. The chosen operator removes the token: it replaces the embedding by the baseline's (as those authors do), hides
 * the token from the others, leaves it out of the text, or draws another one in its place. f(x′) is f without all
 * explained tokens.
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
