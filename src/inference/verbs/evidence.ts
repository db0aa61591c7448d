/** How far an explanation can be believed on its own text: what its scores say against what f does. */
import type { EvidenceParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import { type AttributionMethodId, chooseMethod, describeMethod } from '../../protocol/methods.ts';
import { baselines } from '../../protocol/objectives.ts';
import type { Agreement, Evidence, PartialEvidence, RemovalEvidence } from '../../protocol/results.ts';
import { rankCorrelation } from '../../text/rankCorrelation.ts';
import type { RemovalOptions } from '../attribution/method.ts';
import { attribute } from '../attribution/methods.ts';
import { uniformNumbers } from '../attribution/noise.ts';
import { evaluateRemoval, type Strangeness } from '../evaluation/evaluateRemoval.ts';
import { kendallTau } from '../evaluation/kendall.ts';
import { measureOther } from '../evaluation/measureOther.ts';
import { strangeShare } from '../evaluation/outOfDistribution.ts';
import { Removed } from '../evaluation/removed.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { type Question, withQuestion } from '../question/question.ts';
import type { Run } from '../run.ts';

type EvidenceRun = Run<Progress<PartialEvidence>>;

/**
 * Its stages are reported as they are known: the operators one after the other, then what else the scores agree with.
 * @throws EngineError as `explain`; `option-invalid` if there is not one score per explained token
 */
export async function evidence(model: Gpt2, params: EvidenceParams, run: EvidenceRun): Promise<Evidence> {
  const { removals, evidenceSeed: seed, depth = 'limits' } = params;
  let before = 0;
  let evaluations = 0;
  const onEvaluated = (done: number) => {
    evaluations = before + done;
    run.report({ stage: 'evaluating', done: evaluations, total: null });
  };
  const evaluated = await withQuestion(
    model,
    params,
    run,
    async (question) => {
      const { f, receipt } = question;
      const scores = params.scores ? given(params.scores, f.count) : await scoresOf(params.method, params, f);
      const [value] = (await f.values([{ from: 0, rows: f.x }])) as [number];
      const known: RemovalEvidence[] = [];
      const agreements: Agreement[] = [];
      const tried: Removed[] = [];
      const soFar = () => ({
        ...{ tokens: f.count, value, seed, evaluations },
        ...{ removals: [...known], agreements: [...agreements] },
      });
      const choice = chooseMethod(params.method, params);
      const report = () => {
        const partial = { receipt: { ...receipt.soFar(), ...choice }, ...soFar() };
        run.report({ stage: 'evaluating', done: evaluations, total: null, partial });
      };
      if (f.count > 0) {
        for (const [at, removal] of removals.entries()) {
          const strangeness = strangenessOf(f, { removal, seed });
          const removed = new Removed(f, removal, seed);
          tried.push(removed);
          for await (const one of evaluateRemoval(f, {
            scores,
            removal,
            seed,
            depth,
            strangeness,
            removed,
          })) {
            known[at] = one;
            report();
          }
        }
        for (const other of params.others) {
          if (!canExplain(other, f)) continue;
          const theirs = await scoresOf(other, {}, f);
          const baseline = describeMethod(other).baseline === 'one' ? params.baseline : null;
          const agreement = agreementOf(other, baseline, scores, theirs);
          agreements.push(agreement);
          report();
          for (const [at, removed] of tried.entries())
            agreement.measures.push(await measureOther(removed, theirs, { known: known[at]!, value, seed }));
          report();
        }
      }
      return { soFar, scores, agreements, receipt: { ...(await receipt.final()), ...choice } };
    },
    onEvaluated,
  );
  const { scores, agreements, receipt, soFar } = evaluated;
  for (const baseline of scores.length > 0 ? otherBaselines(params) : []) {
    before = evaluations;
    const theirs = await withQuestion(
      model,
      { ...params, baseline, others: [] },
      run,
      ({ f }) => scoresOf(params.method, params, f),
      onEvaluated,
    );
    agreements.push(agreementOf(params.method, baseline, scores, theirs));
  }
  return { receipt, ...soFar() };
}

type F = Question['f'];

/** Scores of tokens from the predicted position on are zero, and not looked at. */
function given(scores: readonly number[], tokens: number): readonly number[] {
  if (scores.length >= tokens) return scores.slice(0, tokens);
  throw new EngineError('option-invalid', {
    option: 'scores',
    value: `${scores.length} scores`,
    expected: `${tokens} scores`,
  });
}

async function scoresOf(method: AttributionMethodId, options: object, f: F): Promise<readonly number[]> {
  const { scores } = await attribute(chooseMethod(method, options), f, () => {});
  return Array.from(scores);
}

/** Null where f is about several tokens. */
function strangenessOf(f: F, options: RemovalOptions): Strangeness | null {
  const { surprisals, surprisalsOfText } = f;
  if (!surprisals || !surprisalsOfText) return null;
  return async (sets) => {
    const usual = await surprisalsOfText.call(f);
    return strangeShare(await surprisals.call(f, sets, options), usual, uniformNumbers(options.seed));
  };
}

const canExplain = (method: AttributionMethodId, f: F) =>
  describeMethod(method).needs.every((need) => f[need] !== undefined);

function otherBaselines({ method, baseline, otherBaselines: areWanted }: EvidenceParams) {
  if (!areWanted || describeMethod(method).baseline !== 'one') return [];
  return baselines.filter((other) => other !== baseline);
}

function agreementOf(
  method: AttributionMethodId,
  baseline: Agreement['baseline'],
  own: readonly number[],
  theirs: readonly number[],
): Agreement {
  const spearman = rankCorrelation(own, theirs).rho;
  return { method, baseline, spearman, kendall: kendallTau(own, theirs), measures: [] };
}
