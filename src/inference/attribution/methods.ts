/** All methods by their id: a new one is a file beside this one, a line here and its descriptor. */
import { type AttributionMethodId, describeMethod, type MethodChoice } from '../../protocol/methods.ts';
import { altiLogit } from './altiLogit.ts';
import { attention } from './attention.ts';
import { attentionXGradient } from './attentionXGradient.ts';
import { deepLift } from './deepLift.ts';
import { directLogit } from './directLogit.ts';
import { expectedGradients } from './expectedGradients.ts';
import { gradientNorm } from './gradientNorm.ts';
import { inputXGradient } from './inputXGradient.ts';
import { integratedGradients } from './integratedGradients.ts';
import { lime } from './lime.ts';
import type { Attribution, AttributionMethod, ExplainedFunction, Refine } from './method.ts';
import { occlusion } from './occlusion.ts';
import { rollout } from './rollout.ts';
import { segments } from './segments.ts';
import { sequentialIntegratedGradients } from './sequentialIntegratedGradients.ts';
import { shapley } from './shapley.ts';
import { smoothGrad } from './smoothGrad.ts';
import { valueZeroing } from './valueZeroing.ts';

const methods: { readonly [M in AttributionMethodId]: AttributionMethod<M> } = {
  'gradient-norm': gradientNorm,
  'input-x-gradient': inputXGradient,
  'integrated-gradients': integratedGradients,
  'expected-gradients': expectedGradients,
  'sequential-integrated-gradients': sequentialIntegratedGradients,
  deeplift: deepLift,
  occlusion,
  shapley,
  lime,
  segments,
  'direct-logit': directLogit,
  'alti-logit': altiLogit,
  attention,
  rollout,
  'attention-x-gradient': attentionXGradient,
  'value-zeroing': valueZeroing,
  'smoothgrad:gradient-norm': smoothGrad(gradientNorm),
  'smoothgrad:input-x-gradient': smoothGrad(inputXGradient),
  'smoothgrad:integrated-gradients': smoothGrad(integratedGradients),
};

/**
 * Scores f's tokens by the chosen method with the chosen options.
 * @throws EngineError what f throws
 * @throws TypeError where f does not offer what the method needs
 */
export async function attribute(
  choice: MethodChoice,
  f: ExplainedFunction,
  refine: Refine,
): Promise<Attribution> {
  const lacking = describeMethod(choice.method).needs.filter((need) => f[need] === undefined);
  if (lacking.length > 0) throw new TypeError(`${choice.method} needs an f with ${lacking}`);
  // A choice always has its own method's options, but the type checker cannot infer that from the table.
  const method = methods[choice.method] as (
    f: ExplainedFunction,
    options: MethodChoice,
    refine: Refine,
  ) => Promise<Attribution>;
  return method(f, choice, refine);
}
