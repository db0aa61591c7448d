/** Why the model predicts the target and not the foil: contributions of the tokens in a range of the text. */
import type { ExplainParams, Progress } from '../../protocol/engine.ts';
import { describeMethod, evaluationsOf } from '../../protocol/methods.ts';
import type { Explanation, PartialExplanation } from '../../protocol/results.ts';
import { shownToken } from '../../text/pieceNames.ts';
import { attribute } from '../attribution/methods.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { assertLinear } from '../question/choice.ts';
import { type Question, withQuestion } from '../question/question.ts';
import { inWholeCharacters } from '../question/wholeCharacters.ts';
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
    const attribution = await attribute(params, f, (scores, ends, standardErrors, segments) => {
      const sum = ends ? sumOf(params.method, { scores, ...ends }) : unknownSum;
      const receipt = question.receipt.soFar();
      const more = { ...(standardErrors && { standardErrors }), ...(segments && { segments }) };
      const partial = { ...describe({ receipt, scores, ...more, refining: true }), ...sum };
      run.report({ stage: 'explaining', done: f.evaluations, total, partial });
    });
    const receipt = await question.receipt.final();
    const described = describe({ receipt, ...attribution, refining: false });
    return {
      explanation: { ...described, ...sumOf(params.method, attribution) },
      aside: question.aside,
    };
  };
  const { explanation, aside } = await withQuestion(model, params, run, answer, report);
  return withWholeCharacters(model, explanation, aside, run);
}

/** What stands in the text keeps its name there. */
async function withWholeCharacters(
  model: Gpt2,
  explanation: Explanation,
  aside: Sequence | null,
  run: Run,
): Promise<Explanation> {
  const { target, foil, next } = explanation;
  const isSingle = foil !== null && foil.ids.length === 1;
  const asked = [...next, ...(target.span ? [] : [target]), ...(isSingle ? [foil] : [])];
  const expected = [...new Map(asked.map((token) => [token.id, shownToken(token)])).values()];
  const named = await inWholeCharacters(model, aside, expected, run);
  const shown = new Map(named.map((token) => [token.id, token]));
  return {
    ...explanation,
    target: target.span ? target : { ...target, ...shown.get(target.id) },
    foil: isSingle ? { ...foil, ...shown.get(foil.id) } : foil,
    next: next.map((token) => ({ ...token, ...shown.get(token.id) })),
  };
}
