import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import type { ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { type StripPiece, textBefore } from '../../src/text/pieceNames.ts';
import { quoted, visible } from '../../src/text/visible.ts';
import type { PageProps } from '../base/page.tsx';
import type { Options } from './options.ts';

export type Props = PageProps<ProbabilitiesPanel, Options>;
export type StripAnswer = AnswerOf<ProbabilitiesPanel, 'strip'>;
export type { Wording } from '../base/receipt.ts';

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
