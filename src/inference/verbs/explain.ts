/** Why the model predicts the target and not the foil: contributions of the tokens in a range of the text. */
import type { ExplainParams, Progress } from '../../protocol/engine.ts';
import { describeMethod, evaluationsOf } from '../../protocol/methods.ts';
import type { Explanation, PartialExplanation } from '../../protocol/results.ts';
import { attribute } from '../attribution/methods.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { assertLinear } from '../question/choice.ts';
import { type Question, withQuestion } from '../question/question.ts';
import type { Run } from '../run.ts';
import { describeExplanation, type State, sumOf, unknownSum } from './explanation.ts';

type ExplainRun = Run<Progress<PartialExplanation>>;

export async function explain(model: Gpt2, params: ExplainParams, run: ExplainRun): Promise<Explanation> {
  if (describeMethod(params.method).linear) assertLinear(model, params);
  let total: number | null = null;
  const report = (done: number) => run.report({ stage: 'explaining', done, total });
  const answer = async (question: Question) => {
    const { f } = question;
    total = evaluationsOf(params, f.count);
    const describe = <R>(state: Omit<State<R>, 'evaluations'>) =>
      describeExplanation(model, params, question, { ...state, evaluations: f.evaluations });
    const attribution = await attribute(params, f, (scores, ends, standardErrors) => {
      const sum = ends ? sumOf(params.method, { scores, ...ends }) : unknownSum;
      const receipt = question.receipt.soFar();
      const errors = standardErrors && { standardErrors };
      const partial = { ...describe({ receipt, scores, ...errors, refining: true }), ...sum };
      run.report({ stage: 'explaining', done: f.evaluations, total, partial });
    });
    const receipt = await question.receipt.final();
    return {
      ...describe({ receipt, ...attribution, refining: false }),
      ...sumOf(params.method, attribution),
    };
  };
  return withQuestion(model, params, run, answer, report);
}
