import type { HeadPatterns, Receipt } from '../../src/protocol/results.ts';
import type { AttentionProps } from './viewProps.ts';

type Words = Pick<AttentionProps, 'label' | 'numbers'>;
type Facts = [string, string][];

/** What an exported picture is stamped with. @param tokens how many were read */
export function receiptFacts(receipt: Receipt, tokens: number, { label, numbers }: Words): Facts {
  const { whytoken, model, textSha256, bos, droppedTokens } = receipt;
  return [
    [label('model'), `${model.name} (SHA-256 ${model.sha256})`],
    [label('textHash'), `SHA-256 ${textSha256}`],
    [label('bos'), label(bos ? 'yes' : 'no')],
    [label('readTokens'), numbers.count(tokens)],
    ...(droppedTokens > 0 ? ([['', label('dropped', numbers.count(droppedTokens))]] as Facts) : []),
    ['Whytoken', whytoken],
  ];
}

export function measuredFacts(patterns: HeadPatterns | null, { label }: Words): Facts {
  if (!patterns) return [];
  const { sequences, length, seed } = patterns;
  return [[label('measuredOn'), label('measuredHow', sequences, length, seed)]];
}
