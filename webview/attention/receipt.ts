import type { AttentionMap, HeadPatterns } from '../../src/protocol/results.ts';
import { type NamedValue, receiptFacts, type Wording } from '../base/receipt.ts';

/** What an exported map is stamped with. */
export function mapFacts(
  { receipt, tokens }: Pick<AttentionMap, 'receipt' | 'tokens'>,
  wording: Wording,
): NamedValue[] {
  return receiptFacts(receipt, wording, [
    [wording.label('readTokens'), wording.numbers.count(tokens.length)],
  ]);
}

export function measuredFacts(
  patterns: HeadPatterns | null,
  { label }: Pick<Wording, 'label'>,
): NamedValue[] {
  if (!patterns) return [];
  const { sequences, length, seed } = patterns;
  return [[label('measuredOn'), label('measuredHow', sequences, length, seed)]];
}
