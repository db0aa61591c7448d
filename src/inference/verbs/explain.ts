/** Why the model predicts the target and not the foil: contributions of the tokens in a range of the text. */
import type { ExplainParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Explanation } from '../../protocol/results.ts';
import { type Attribution, completenessError } from '../attribution/method.ts';
import { methods } from '../attribution/methods.ts';
import { baselineRows } from '../gpt2/baseline.ts';
import { type Distribution, distributionAt } from '../gpt2/distribution.ts';
import { Gpt2Function } from '../gpt2/explainedFunction.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Sequence } from '../gpt2/sequence.ts';
import type { Run } from '../run.ts';
import { chooseFoil, chooseTarget } from './choice.ts';
import { type Reading, readText, receiptFrom, spanOf, tokensIn } from './reading.ts';

const nextAlternatives = 10;

export async function explain(
  model: Gpt2,
  params: ExplainParams,
  run: Run<Progress<Explanation>>,
): Promise<Explanation> {
  const makeReceipt = receiptFrom(model, performance.now());
  const reading = readText(model, params, model.config.contextLength);
  const { at, explained } = locate(reading, params);
  const predictsAt = reading.indexOf(at) - 1;

  const sequence = new Sequence(model);
  const ids = reading.ids.slice(0, predictsAt + 1);
  const residual = await sequence.read(ids, run, {
    onSlice: (done) => run.report({ stage: 'reading', done, total: ids.length }),
  });
  const lastResidual = residual.subarray(predictsAt * model.config.width);
  const distribution = await distributionAt(model, lastResidual, nextAlternatives, run);
  const target = chooseTarget(model, params.target, distribution);
  const foil = chooseFoil(model, params, target, distribution);

  const method = methods[params.method];
  const count = explained.end - explained.first;
  const f = new Gpt2Function(
    model,
    {
      sequence,
      first: reading.indexOf(explained.first),
      count,
      predictsAt,
      target,
      foil,
      objective: params.objective,
      baseline: baselineRows(model, params.baseline, count),
    },
    run,
    (done) => {
      const total = method.id === 'integrated-gradients' && params.steps !== 'auto' ? params.steps + 2 : null;
      run.report({ stage: 'explaining', done, total });
    },
  );

  const describe = async (attribution: Attribution, refining: boolean): Promise<Explanation> => ({
    receipt: {
      ...(await makeReceipt(params, reading.dropped)),
      method: method.id,
      objective: params.objective,
      baseline: params.baseline,
      steps: params.steps,
      tolerance: params.tolerance,
      seed: params.seed,
      range: params.range,
      target,
      foil,
      at,
    },
    tokens: reading.tokens.slice(explained.first, explained.end).map((token, index) => ({
      ...spanOf(model, token),
      // Tokens from the predicted position on cannot have moved the prediction.
      score: attribution.scores[index] ?? 0,
    })),
    target: { ...named(model, target, distribution), position: at },
    foil: foil === null ? null : named(model, foil, distribution),
    value: attribution.value,
    baselineValue: attribution.baselineValue,
    delta: method.complete ? completenessError(attribution) : null,
    evaluations: f.evaluations,
    refining,
    next: distribution.top,
  });
  try {
    const attribution = await method.attribute(f, params, async (partial) => {
      run.report({
        stage: 'explaining',
        done: f.evaluations,
        total: null,
        partial: await describe(partial, true),
      });
    });
    return await describe(attribution, false);
  } finally {
    f.dispose();
  }
}

/** The predicted position and the explained tokens, as indices into the text's tokens. */
function locate(
  reading: Reading,
  params: ExplainParams,
): { at: number; explained: { first: number; end: number } } {
  const { tokens, dropped, ids } = reading;
  const at = params.at ?? tokens.length;
  // The very first id that is read has nothing before it to be predicted from.
  const firstPredicted = tokens.length - ids.length + 1;
  if (!Number.isInteger(at) || at < firstPredicted || at > tokens.length) {
    throw new EngineError('position-invalid', { at, tokens: tokens.length, first: firstPredicted });
  }
  const inRange = tokensIn(tokens, params.range);
  const explained = { first: Math.max(inRange.first, dropped), end: inRange.end };
  if (explained.first >= explained.end) throw new EngineError('text-empty');
  if (explained.first >= at) throw new EngineError('position-before-range', { at });
  return { at, explained };
}

function named(model: Gpt2, id: number, distribution: Distribution) {
  return { id, text: model.tokenizer.textOf(id), probability: distribution.probability(id) };
}
