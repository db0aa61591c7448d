/** Why the model predicts the target and not the foil: contributions of the tokens in a range of the text. */
import type { ExplainParams, Progress } from '../../protocol/engine.ts';
import { describeMethod, evaluationsOf } from '../../protocol/methods.ts';
import type { Explanation, PartialExplanation } from '../../protocol/results.ts';
import { attribute } from '../attribution/methods.ts';
import { distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { baselineRows } from '../question/baseline.ts';
import { assertLinear, chooseFoil, chooseTarget, spellFoil } from '../question/choice.ts';
import { Gpt2Function } from '../question/explainedFunction.ts';
import { PhraseContrast, phraseLogProbability } from '../question/phraseContrast.ts';
import { type ExplainedPrediction, locate, type Prediction } from '../question/position.ts';
import { receiptFrom, reportReading } from '../question/reading.ts';
import type { Run } from '../run.ts';
import { describeExplanation, type Question, type State, sumOf, unknownSum } from './explanation.ts';

const nextAlternatives = 10;

type ExplainRun = Run<Progress<PartialExplanation>>;

export async function explain(model: Gpt2, params: ExplainParams, run: ExplainRun): Promise<Explanation> {
  const makeReceipt = receiptFrom(model, performance.now());
  const spelled = spellFoil(model, params);
  if (describeMethod(params.method).linear) assertLinear(model, params);
  // All of a foil but its last token is read after the text.
  const room = model.config.contextLength - ((spelled?.length ?? 1) - 1);
  const prediction = locate(model, params, room);
  const { ids, dropped } = prediction.reading;
  return model.memory.readings.use(ids, ids.length - 1, async (sequence) => {
    const question = await ask(model, params, prediction, spelled, sequence, run);
    const f = functionOf(model, params, prediction, question, sequence, run);
    const describe = async (
      attribution: Pick<State, 'scores' | 'standardErrors' | 'layers'>,
      refining: boolean,
    ) => {
      const state = { ...attribution, evaluations: f.evaluations, refining };
      const receipt = await makeReceipt(params, dropped);
      return describeExplanation(model, params, prediction, question, receipt, state);
    };
    try {
      const attribution = await attribute(params, f, async (scores, ends, standardErrors) => {
        const sum = ends ? sumOf(params.method, { scores, ...ends }) : unknownSum;
        const known = { scores, ...(standardErrors && { standardErrors }) };
        const partial = { ...(await describe(known, true)), ...sum };
        run.report({
          stage: 'explaining',
          done: f.evaluations,
          total: evaluationsOf(params, f.count),
          partial,
        });
      });
      return { ...(await describe(attribution, false)), ...sumOf(params.method, attribution) };
    } finally {
      f.release();
    }
  });
}

/** Reads the text up to the prediction, and a foil of several tokens behind it. */
async function ask(
  model: Gpt2,
  params: ExplainParams,
  { reading: { ids }, actual }: Prediction,
  spelled: readonly number[] | null,
  sequence: Sequence,
  run: ExplainRun,
): Promise<Question> {
  const residual = await sequence.read(ids.slice(sequence.length), run, {
    onSlice: reportReading(run, ids.length),
  });
  const last = residual.subarray(-model.config.width);
  const distribution = await distributionAt(model, last, nextAlternatives, run);
  const target = chooseTarget(model, params.target, actual?.id ?? null, distribution);
  const foil = chooseFoil(model, params, spelled, target, distribution);
  const [id] = foil;
  if (id === undefined) return { distribution, target, foil: null };
  const probability =
    foil.length === 1
      ? distribution.probability(id)
      : Math.exp(await phraseLogProbability(model, sequence, last, foil, run));
  return { distribution, target, foil: { ids: foil, probability } };
}

function functionOf(
  model: Gpt2,
  params: ExplainParams,
  { reading, at, explained }: ExplainedPrediction,
  { target, foil, distribution: { logits } }: Question,
  sequence: Sequence,
  run: ExplainRun,
): Gpt2Function | PhraseContrast {
  // What stands at the predicted position or after it cannot matter.
  const count = Math.min(explained.end, at) - explained.first;
  const question = {
    sequence,
    first: reading.indexOf(explained.first),
    count,
    predictsAt: reading.ids.length - 1,
    target,
    baseline: baselineRows(model, params.baseline, count),
  };
  const total = evaluationsOf(params, count);
  const report = (done: number) => run.report({ stage: 'explaining', done, total });
  if (foil && foil.ids.length > 1) return new PhraseContrast(model, question, foil.ids, run, report);
  const { objective } = params;
  return new Gpt2Function(model, { ...question, foil: foil?.ids[0] ?? null, objective, logits }, run, report);
}
