/** Gradient norm, or saliency (Simonyan et al. 2014; Li et al. 2016 for text): ‖∂f/∂x_i‖₂, which has no sign. */
import type { AttributionMethod } from './method.ts';
import { gradientAtInput, rowDots } from './points.ts';

export const gradientNorm: AttributionMethod<'gradient-norm'> = async (f) => {
  const { value, gradient, baselineValue } = await gradientAtInput(f);
  return { scores: rowDots(gradient, gradient, f.width).map(Math.sqrt), value, baselineValue };
};
