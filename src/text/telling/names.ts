import type { AttributionMethodId, MethodOptionName, Removal } from '../../protocol/methods.ts';
import type { Baseline, Objective } from '../../protocol/results.ts';
import type { Telling } from './telling.ts';

/** What stands for an id in a sentence. */

type Words = Pick<Telling, 'say'>;

export function methodName(method: AttributionMethodId, { say }: Words): string {
  return {
    'gradient-norm': say('gradient norm'),
    'input-x-gradient': say('input × gradient'),
    'integrated-gradients': say('integrated gradients'),
    'expected-gradients': say('expected gradients'),
    'sequential-integrated-gradients': say('sequential integrated gradients'),
    deeplift: 'DeepLIFT',
    occlusion: say('occlusion'),
    shapley: say('Shapley values'),
    lime: 'LIME',
    segments: say('segments (ContextCite)'),
    'direct-logit': say('direct logit attribution'),
    'alti-logit': say('ALTI-Logit'),
    attention: say('attention weights'),
    rollout: say('attention rollout'),
    'attention-x-gradient': say('attention × gradient'),
    'value-zeroing': say('value zeroing'),
    'smoothgrad:gradient-norm': say('SmoothGrad of the gradient norm'),
    'smoothgrad:input-x-gradient': say('SmoothGrad of input × gradient'),
    'smoothgrad:integrated-gradients': say('SmoothGrad of integrated gradients'),
  }[method];
}

export function optionName(option: MethodOptionName, { say }: Words): string {
  return {
    steps: say('Steps'),
    tolerance: say('Tolerance'),
    removal: say('Removal'),
    estimator: say('Estimator'),
    segments: say('Segments'),
    masks: say('Masks'),
    baselines: say('Drawn baselines'),
    samples: say('Samples'),
    sigma: say('Noise, as a fraction of the embeddings’ root mean square'),
    seed: say('Seed'),
  }[option];
}

/** What became of removed tokens. */
export function removedName(removal: Exclude<Removal, 'baseline'>, { say }: Words): string {
  return {
    mask: say('hidden from the others'),
    delete: say('left out of the text'),
    refill: say('written anew by the model'),
  }[removal];
}

/** What an operator does to the tokens that it removes. */
export function removalName(removal: Removal, baseline: Baseline, words: Words): string {
  if (removal !== 'baseline') return removedName(removal, words);
  return words.say('replaced by {0}', baselineName(baseline, words));
}

export function objectiveName(objective: Objective, { say }: Words): string {
  return {
    contrast: say('logit of the target − logit of the foil'),
    logit: say('logit of the target'),
    'log-prob': say('log-probability of the target'),
    probability: say('probability of the target'),
  }[objective];
}

export function baselineName(baseline: Baseline, { say }: Words): string {
  return {
    zero: say('zero embeddings'),
    mean: say('the mean embedding'),
    eot: say('the embedding of <|endoftext|>'),
  }[baseline];
}
