import type { Receipt } from '../../src/protocol/results.ts';
import type { PageProps } from './page.tsx';

export type Wording = Pick<PageProps<never, never>, 'label' | 'numbers'>;
export type NamedValue = readonly [name: string, value: string];

/**
 * What an answer was made from, as names and values: all pages and their exports tell the same.
 * @param more what only this kind of answer has
 */
export function receiptFacts(
  { whytoken, model, textSha256, bos, droppedTokens, milliseconds }: Receipt,
  { label, numbers }: Wording,
  more: readonly NamedValue[] = [],
): NamedValue[] {
  return [
    [label('receiptModel'), `${model.name} (SHA-256 ${model.sha256})`],
    [label('receiptText'), `SHA-256 ${textSha256}`],
    [label('receiptBos'), label(bos ? 'prepended' : 'notPrepended')],
    [label('notRead'), numbers.count(droppedTokens)],
    ...more,
    [label('time'), label('milliseconds', numbers.count(milliseconds))],
    ['Whytoken', whytoken],
  ];
}
