/**
 * Expected gradients (Erion et al. 2021, equation 5; "gradient SHAP"): the mean of integrated gradients over baselines x′
 * from the data. Here these are texts that the model writes in place of the explained tokens, given what stands in front
 * of them. So nothing is compared with a point that the model never sees, and no single baseline decides.
 *
 * The mean over α is an integral here, as in integrated gradients, and only the baselines are random: the scores sum up
 * to f(x) less the mean of f(x′) over the same baselines, and the standard errors are those of the mean over them.
 */
import { Estimate } from './estimate.ts';
import { integratedGradients } from './integratedGradients.ts';
import type { AttributionMethod, Refine } from './method.ts';
import { remembering } from './remembering.ts';

export const expectedGradients: AttributionMethod<'expected-gradients'> = async (f, options, refine) => {
  const { baselines, seed } = options;
  const known = remembering(f, f.x);
  const estimate = new Estimate(f.count);
  const atBaselines = new Estimate(1);
  let value = 0;
  for (let sample = 0; sample < baselines; sample++) {
    const baseline = await f.refill(sample, seed);
    // The first scores that anybody sees are those of the first baseline, while f(x′) is not known.
    const first: Refine = (scores) => refine(scores, null);
    const later: Refine = () => {};
    const one = await integratedGradients({ ...known, baseline }, options, sample === 0 ? first : later);
    estimate.add(one.scores);
    atBaselines.add([one.baselineValue]);
    value = one.value;
    if (isPowerOfTwo(sample + 1) && sample + 1 < baselines)
      refine(estimate.mean, null, estimate.standardErrors);
  }
  return {
    scores: estimate.mean,
    ...(estimate.standardErrors && { standardErrors: estimate.standardErrors }),
    ...{ value, baselineValue: atBaselines.mean[0] as number },
  };
};

const isPowerOfTwo = (count: number) => Number.isInteger(Math.log2(count));
