import { describeMethod, isSigned } from '../../protocol/methods.ts';
import type { ExplainReceiptSoFar, PartialExplanation, ScoredSpan } from '../../protocol/results.ts';
import { isWithinTolerance } from '../../protocol/tolerance.ts';
import { baselineName, methodName, objectiveName, removedName } from './names.ts';
import type { Telling, ToldFact } from './telling.ts';

/** What the contributions sum up to, and by how much they miss it. */

export type SumId = 'unit' | 'sum' | 'difference' | 'delta' | 'input' | 'baselineValue';

/**
 * Σ, the difference that it has to equal, δ, f(x) and f(x′). Only f(x) where the contributions need not sum up, only δ (a
 * dash) as long as f is not known.
 */
export function sumFacts(explanation: PartialExplanation, telling: Telling): ToldFact<SumId>[] {
  const { say, numbers } = telling;
  const { receipt, tokens } = explanation;
  const delta = {
    id: 'delta',
    name: say('δ, the error of the sum'),
    value: deltaText(explanation, telling),
  } as const;
  if (explanation.value === null) return [delta];
  const { value, baselineValue } = explanation;
  const input = {
    id: 'input',
    name: say('f(x): {0}', objectiveName(receipt.objective, telling)),
    value: numbers.amount(value),
  } as const;
  const unit = unitFacts(receipt, telling);
  if (explanation.delta === null) return [input, ...unit];
  return [
    { id: 'sum', name: say('Sum of the contributions'), value: numbers.signed(sumOf(tokens)) },
    {
      id: 'difference',
      name: say('Difference that is explained'),
      value: numbers.signed(value - baselineValue),
    },
    delta,
    input,
    { id: 'baselineValue', name: originName(receipt, telling), value: numbers.amount(baselineValue) },
    ...unit,
  ];
}

/** Said once, so that no number needs it. A gradient's norm is not in the unit of f. */
function unitFacts(
  { method, objective }: ExplainReceiptSoFar,
  { say }: Pick<Telling, 'say'>,
): ToldFact<'unit'>[] {
  if (!isSigned(method)) return [];
  const value =
    objective === 'probability'
      ? say('probability, from 0 to 1')
      : objective === 'log-prob'
        ? say('nats of log-probability')
        : say('nats of logit');
  return [{ id: 'unit', name: say('Unit of contributions and sums'), value }];
}

/** Σ and δ in one sentence; null where contributions need not sum up, and as long as f is not known. */
export function sumSentence(explanation: PartialExplanation, telling: Telling): string | null {
  const { say, numbers } = telling;
  if (explanation.delta === null) return null;
  const sum = numbers.signed(sumOf(explanation.tokens));
  return say(
    'Sum of the contributions {0}; δ, the error of the sum, {1}.',
    sum,
    deltaText(explanation, telling),
  );
}

export function needNotSumUp({ say }: Pick<Telling, 'say'>): string {
  return say('This method’s contributions need not sum up to the difference that is explained.');
}

/** δ, and its share of the explained difference; a dash if there is none, or none yet. */
export function deltaText(
  { delta, value, baselineValue }: Pick<PartialExplanation, 'delta' | 'value' | 'baselineValue'>,
  { numbers }: Pick<Telling, 'numbers'>,
): string {
  if (delta === null || value === null || baselineValue === null) return '–';
  const difference = Math.abs(value - baselineValue);
  const amount = numbers.signed(delta);
  return difference > 0 ? `${amount} (${numbers.percent(Math.abs(delta) / difference)})` : amount;
}

/** What is explained, by which method and how well. */
export function howText(explanation: PartialExplanation, telling: Telling): string {
  const { objective, method } = explanation.receipt;
  const names = [objectiveName(objective, telling), methodName(method, telling)];
  return explanation.delta === null
    ? telling.say('{0}, by {1}', ...names)
    : telling.say('{0}, by {1}; δ = {2}', ...names, deltaText(explanation, telling));
}

/** What contributions are relative to. */
export function originName(receipt: ExplainReceiptSoFar, telling: Telling): string {
  const { method, baseline } = receipt;
  if (describeMethod(method).baseline === 'none')
    return telling.say('f without what these tokens wrote directly');
  if ('removal' in receipt && receipt.removal !== 'baseline')
    return telling.say('f without these tokens: {0}', removedName(receipt.removal, telling));
  if (describeMethod(method).baseline === 'many')
    return telling.say('f(baseline): the mean over texts that the model wrote in these tokens’ place');
  return telling.say('f(baseline): with {0}', baselineName(baseline, telling));
}

/**
 * Whether a method that works until its error is within the tolerance came that far; null for all others, and until it
 * ends.
 */
export function hasConverged(explanation: PartialExplanation): boolean | null {
  const { receipt, value, baselineValue, delta, refining, tokens } = explanation;
  if (!('tolerance' in receipt) || refining || value === null || delta === null) return null;
  if (!('steps' in receipt)) {
    const error = samplingError(tokens);
    return error === null ? null : error <= receipt.tolerance;
  }
  if (receipt.steps !== 'auto') return null;
  return isWithinTolerance({ value, baselineValue, delta }, receipt.tolerance);
}

/** The largest standard error, as a fraction of the largest |score|; null where there is none. */
export function samplingError(tokens: readonly Pick<ScoredSpan, 'score' | 'standardError'>[]): number | null {
  const errors = tokens.flatMap(({ standardError }) => standardError ?? []);
  if (errors.length === 0) return null;
  const largest = Math.max(...tokens.map(({ score }) => Math.abs(score)));
  const error = Math.max(...errors);
  return error === 0 ? 0 : error / largest;
}

export function sumOf(tokens: readonly { score: number }[]): number {
  return tokens.reduce((sum, { score }) => sum + score, 0);
}
