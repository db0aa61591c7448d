import type { ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import type { Receipt } from '../../src/protocol/results.ts';
import { type StripPiece, textBefore } from '../../src/text/pieceNames.ts';
import { quoted, visible } from '../../src/text/visible.ts';
import type { PageProps } from '../base/page.tsx';
import type { Options } from './options.ts';

export type Props = PageProps<ProbabilitiesPanel, Options>;
export type Wording = Pick<Props, 'label' | 'numbers'>;

/** Tokens in front of a position that are shown as what it comes after. */
const contextTokens = 8;

/** What stands in front of a position, in quotes; empty at the start. */
export function contextOf(tokens: readonly StripPiece[], at: number): string {
  const first = Math.max(0, at - contextTokens);
  const text = textBefore(tokens.slice(first, at), tokens[at]);
  if (text === '') return '';
  return first > 0 ? `"…${visible(text)}"` : quoted(text);
}

/** For a cell, where a lone space would be nothing. */
export function shownInCell(text: string): string {
  return text === ' ' ? '␣' : visible(text);
}

/** The receipt as names and values. */
export function factsOf(
  { whytoken, model, textSha256, bos, droppedTokens, milliseconds }: Receipt,
  { label, numbers }: Wording,
  more: readonly (readonly [string, string])[] = [],
): (readonly [string, string])[] {
  return [
    [label('model'), `${model.name} (SHA-256 ${model.sha256})`],
    [label('text'), `SHA-256 ${textSha256}`],
    [label('bos'), label(bos ? 'prepended' : 'notPrepended')],
    [label('notRead'), numbers.count(droppedTokens)],
    ...more,
    [label('time'), label('milliseconds', numbers.count(milliseconds))],
    ['Whytoken', whytoken],
  ];
}
