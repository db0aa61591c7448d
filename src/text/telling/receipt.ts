import { chosenOptions, describeMethod, type MethodOptionName } from '../../protocol/methods.ts';
import type { ExplainedTokens, ReceiptSoFar } from '../../protocol/results.ts';
import { visible } from '../visible.ts';
import { baselineName, methodName, objectiveName, optionName } from './names.ts';
import type { Telling, ToldFact } from './telling.ts';

/** What has to be known to compute a result again, as names and values. */

/** For pages, which are given their texts by the host. */
export const receiptTexts = {
  model: 'Model',
  hashPending: 'not known yet: the file is still being read',
  text: 'Text',
  bos: 'BOS',
  prepended: 'prepended',
  notPrepended: 'not prepended',
  dropped: 'Tokens that did not fit',
  time: 'Time',
  milliseconds: '{0} ms',
} as const;

export type ReceiptId = 'model' | 'text' | 'bos' | 'dropped' | 'time' | 'whytoken';

type Words = Pick<Telling, 'say' | 'numbers'>;

/** @param more what only this kind of result has; it stands before the time and the version */
export function receiptFacts<Id extends string = never>(
  { whytoken, model, textSha256, bos, droppedTokens, milliseconds }: ReceiptSoFar,
  { say, numbers }: Words,
  more: readonly ToldFact<Id>[] = [],
): ToldFact<ReceiptId | Id>[] {
  return [
    {
      id: 'model',
      name: say(receiptTexts.model),
      value: `${visible(model.name)} (SHA-256 ${model.sha256 ?? say(receiptTexts.hashPending)})`,
    },
    { id: 'text', name: say(receiptTexts.text), value: `SHA-256 ${textSha256}` },
    {
      id: 'bos',
      name: say(receiptTexts.bos),
      value: bos ? say(receiptTexts.prepended) : say(receiptTexts.notPrepended),
    },
    { id: 'dropped', name: say(receiptTexts.dropped), value: numbers.count(droppedTokens) },
    ...more,
    {
      id: 'time',
      name: say(receiptTexts.time),
      value: say(receiptTexts.milliseconds, numbers.count(milliseconds)),
    },
    { id: 'whytoken', name: 'Whytoken', value: whytoken },
  ];
}

export type ExplainReceiptId =
  | ReceiptId
  | MethodOptionName
  | ('range' | 'target' | 'foil' | 'at' | 'objective' | 'method' | 'baseline' | 'evaluations');

/** Whether methods, objectives and baselines have their names, or the ids that options take. */
export type Naming = 'names' | 'ids';

export function explainReceiptFacts(
  {
    receipt,
    evaluations,
    target,
    foil,
  }: Pick<ExplainedTokens, 'receipt' | 'evaluations' | 'target' | 'foil'>,
  telling: Telling,
  naming: Naming = 'names',
): ToldFact<ExplainReceiptId>[] {
  const { say, numbers, quote } = telling;
  const { range, at, objective, method, baseline } = receipt;
  const named = (id: string, name: string) => (naming === 'ids' ? id : name);
  return receiptFacts<ExplainReceiptId>(receipt, telling, [
    { id: 'range', name: say('Explained range'), value: `${range.start}–${range.end}` },
    { id: 'target', name: say('Target'), value: withIds(quote(target), [target.id]) },
    { id: 'foil', name: say('Foil'), value: foil ? withIds(quote(foil), foil.ids) : '–' },
    { id: 'at', name: say('Predicted position'), value: numbers.count(at) },
    { id: 'objective', name: say('Objective'), value: named(objective, objectiveName(objective, telling)) },
    { id: 'method', name: say('Method'), value: named(method, methodName(method, telling)) },
    ...(describeMethod(method).baseline === 'none'
      ? []
      : [
          {
            id: 'baseline',
            name: say('Baseline'),
            value:
              describeMethod(method).baseline === 'many'
                ? say('texts that the model wrote in these tokens’ place')
                : named(baseline, baselineName(baseline, telling)),
          } as const,
        ]),
    ...chosenOptions(receipt).map(([option, value]) => ({
      id: option,
      name: optionName(option, telling),
      // With all digits: it is computed again with them.
      value: String(value),
    })),
    { id: 'evaluations', name: say('Evaluations'), value: numbers.count(evaluations) },
  ]);
}

/** By its text, and by the id for a text that several tokens have, or none. */
function withIds(text: string, ids: readonly number[]): string {
  return `${text} (${ids.map((id) => `#${id}`).join(' ')})`;
}
