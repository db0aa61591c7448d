/** Input × gradient (Shrikumar et al. 2016; Denil et al. 2014): x_i · ∂f/∂x_i, summed over the embedding. */
import type { AttributionMethod } from './method.ts';
import { gradientAtInput, rowDots } from './points.ts';

export const inputXGradient: AttributionMethod<'input-x-gradient'> = async (f) => {
  const { value, gradient, baselineValue } = await gradientAtInput(f);
  return { scores: rowDots(f.x, gradient, f.width), value, baselineValue };
};
