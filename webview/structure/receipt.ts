import type { PartialImportance } from '../../src/protocol/results.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import { type NamedValue, receiptFacts, type Wording } from '../base/receipt.ts';

/** What was measured, and from what. */
export function importanceFacts(
  { receipt, target, foil, value }: Pick<PartialImportance, 'receipt' | 'target' | 'foil' | 'value'>,
  { label, numbers }: Wording,
): NamedValue[] {
  const named = (token: typeof target) =>
    `${quoted(tokenName(token))} #${token.id} (${numbers.percent(token.probability)})`;
  return [
    [label('target'), named(target)],
    ...(foil ? [[label('foil'), named(foil)] as const] : []),
    [label(foil ? 'value' : 'valueAlone'), numbers.signed(value)],
    ...receiptFacts(receipt, { label, numbers }, [[label('position'), String(receipt.at)]]),
  ];
}
