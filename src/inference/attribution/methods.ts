/** All methods by their id: a new one is a file beside this one, a line here and its id in src/protocol/results.ts. */
import type { AttributionMethodId } from '../../protocol/results.ts';
import { directLogit } from './directLogit.ts';
import { gradientNorm } from './gradientNorm.ts';
import { inputXGradient } from './inputXGradient.ts';
import { integratedGradients } from './integratedGradients.ts';
import type { AttributionMethod } from './method.ts';
import { occlusion } from './occlusion.ts';

export const methods: Readonly<Record<AttributionMethodId, AttributionMethod>> = {
  'gradient-norm': gradientNorm,
  'input-x-gradient': inputXGradient,
  'integrated-gradients': integratedGradients,
  occlusion,
  'direct-logit': directLogit,
};
