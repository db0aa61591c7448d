/** How well several methods explain one example: the same random orders, masks and ceilings for all of them. */
import type { EvaluateParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import { type AttributionMethodId, chooseMethod, describeMethod } from '../../protocol/methods.ts';
import type { Evaluated, RemovalEvidence } from '../../protocol/results.ts';
import { isWithinTolerance } from '../../protocol/tolerance.ts';
import { type Attribution, completenessError } from '../attribution/method.ts';
import { attribute } from '../attribution/methods.ts';
import { uniformNumbers } from '../attribution/noise.ts';
import { evaluateRemoval } from '../evaluation/evaluateRemoval.ts';
import { chancePlausibility, plausibilityOf } from '../evaluation/plausibility.ts';
import { remembering } from '../evaluation/remembering.ts';
import { softMeasures } from '../evaluation/soft.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { type Question, withQuestion } from '../question/question.ts';
import type { Run } from '../run.ts';

type F = Question['f'];

/**
 * @throws EngineError as `explain`; `option-invalid` where no explained token is in the evidence
 */
export async function evaluate(model: Gpt2, params: EvaluateParams, run: Run<Progress>): Promise<Evaluated> {
  const { methods, removals, evaluationSeed: seed } = params;
  const report = (done: number) => run.report({ stage: 'evaluating', done, total: null });
  const known = methods.filter((method) => method !== 'random');
  const [method = 'occlusion', ...others] = known;
  return withQuestion(
    model,
    { ...params, method, others },
    run,
    async (question) => {
      const { f, receipt } = question;
      const evidence = evidenceIn(question, params.evidence);
      const removed = remembering(f);
      const [value] = (await f.values([{ from: 0, rows: f.x }])) as [number];
      const answers: Evaluated['methods'] = [];
      for (const id of methods) {
        if (id !== 'random' && !needs(id).every((need) => f[need] !== undefined)) continue;
        const { scores, converged } = id === 'random' ? randomly(f, seed) : await explained(id, f);
        const found: Evaluated['methods'][number]['removals'] = [];
        for (const removal of removals) {
          let last: RemovalEvidence | null = null;
          for await (const one of evaluateRemoval(removed, { scores, removal, seed, strangeness: null }))
            last = one;
          found.push(summary(last as RemovalEvidence));
        }
        const soft = await softMeasures(f, scores, value, () => uniformNumbers(seed));
        const plausibility = evidence && plausibilityOf(scores, evidence);
        answers.push({ method: id, converged, removals: found, soft, plausibility });
      }
      return {
        receipt: { ...(await receipt.final()), seed },
        ...{ tokens: f.count, value, methods: answers },
        chance: evidence && chancePlausibility(f.count, evidence.size),
      };
    },
    report,
  );
}

const needs = (method: AttributionMethodId) => describeMethod(method).needs;

/** Explained tokens that share a part with one of the ranges; null where none is given. */
function evidenceIn(
  { reading, explained, f }: Question,
  ranges: EvaluateParams['evidence'],
): ReadonlySet<number> | null {
  if (!ranges || ranges.length === 0) return null;
  const tokens = reading.tokens.slice(explained.first, explained.first + f.count);
  const isIn = (token: { start: number; end: number }) =>
    ranges.some(({ start, end }) => token.start < end && token.end > start);
  const found = new Set([...tokens.keys()].filter((index) => isIn(tokens[index]!)));
  if (found.size > 0) return found;
  const value = ranges.map(({ start, end }) => `${start}–${end}`).join();
  throw new EngineError('option-invalid', {
    option: 'evidence',
    value,
    expected: 'ranges of the explained text',
  });
}

async function explained(id: AttributionMethodId, f: F) {
  const choice = chooseMethod(id);
  const attribution = await attribute(choice, f, () => {});
  return { scores: Array.from(attribution.scores), converged: convergedTo(choice, attribution) };
}

function convergedTo(choice: object, attribution: Attribution): boolean | null {
  if (!('steps' in choice) || choice.steps !== 'auto' || !('tolerance' in choice)) return null;
  const delta = completenessError(attribution);
  return isWithinTolerance({ ...attribution, delta }, choice.tolerance as number);
}

/** What an explanation without any knowledge reaches: a row of its own beside the methods. */
function randomly(f: F, seed: number) {
  const uniform = uniformNumbers(seed + 1);
  return { scores: Array.from({ length: f.count }, () => uniform() - 0.5), converged: null };
}

function summary({ removal, comprehensiveness, sufficiency, leaveOneOut, lds }: RemovalEvidence) {
  const area = ({ value, floor, ceiling, normalised }: RemovalEvidence['comprehensiveness']) => ({
    ...{ value, normalised },
    ...{ floor: floor?.value ?? Number.NaN, ceiling: ceiling ?? Number.NaN },
  });
  return {
    removal,
    comprehensiveness: area(comprehensiveness),
    sufficiency: area(sufficiency),
    leaveOneOut: leaveOneOut.value,
    lds: lds?.value ?? null,
  };
}
