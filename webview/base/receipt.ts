import type { ReceiptSoFar } from '../../src/protocol/results.ts';
import { receiptFacts as told } from '../../src/text/telling/receipt.ts';
import type { PageProps } from './page.tsx';

export type Wording = Pick<PageProps<never, never>, 'label' | 'numbers'>;
export type NamedValue = readonly [name: string, value: string];

/**
 * What an answer was made from, as names and values: all pages and their exports tell the same.
 * @param more what only this kind of answer has
 */
export function receiptFacts(
  receipt: ReceiptSoFar,
  { label, numbers }: Wording,
  more: readonly NamedValue[] = [],
): NamedValue[] {
  const between = more.map(([name, value]) => ({ id: name, name, value }));
  return told(receipt, { say: label, numbers }, between).map(({ name, value }) => [name, value]);
}
