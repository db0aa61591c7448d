/** A distribution as bars, and as a table. */

import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import type { PanelCandidate, ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import type { Bar } from '../base/barList.ts';
import type { Table } from '../base/figure.ts';
import type { Wording } from './common.ts';

export type Distribution = AnswerOf<ProbabilitiesPanel, 'distribution'>;

/** The candidates, then the tail as one. What cannot be drawn has an outline for a bar. */
export function barsOf({ candidates, tail }: Distribution, wording: Wording): Bar[] {
  const { label, numbers } = wording;
  const bars = candidates.map((candidate, place): Bar => {
    const name = `${numbers.count(candidate.rank)}. ${quoted(tokenName(candidate))}`;
    return {
      name: candidate.isActual ? `▸ ${name}` : name,
      value: candidate.probability,
      ...drawnPart(candidate, wording),
      bold: candidate.isActual,
      // It stands apart where ranks are left out.
      ruled: candidate.rank !== place + 1,
    };
  });
  if (tail.count === 0) return bars;
  return [
    ...bars,
    {
      name: label('tail', numbers.count(tail.count)),
      value: tail.probability,
      ...drawnPart(tail, wording),
      // Many tokens in one bar: paler than a bar of one.
      ...(tail.drawn > 0 && { colour: 'forFill' as const }),
      ruled: true,
    },
  ];
}

function drawnPart(
  { probability, drawn }: { probability: number; drawn: number },
  { label, numbers }: Wording,
): Pick<Bar, 'text' | 'other' | 'hollow'> {
  const text = (after: string) => `${numbers.percent(probability)} → ${after}`;
  if (drawn === 0) return { text: text(label('cutOff')), hollow: true };
  return { text: text(numbers.percent(drawn)), other: drawn };
}

/** Each bar in words. */
export function barItems({ candidates, tail }: Distribution, { label, numbers }: Wording): string[] {
  const chances = ({ probability, drawn }: { probability: number; drawn: number }) =>
    [numbers.percent(probability), drawn === 0 ? label('cutOff') : numbers.percent(drawn)] as const;
  const items = candidates.map((candidate) => {
    const item = label(
      'barItem',
      quoted(tokenName(candidate)),
      ...chances(candidate),
      numbers.count(candidate.rank),
    );
    return candidate.isActual ? `${item}; ${label('inText')}` : item;
  });
  if (tail.count > 0) items.push(label('tailItem', numbers.count(tail.count), ...chances(tail)));
  return items;
}

export function tableOf({ candidates, tail }: Distribution, { label, numbers }: Wording): Table {
  const row = ({ rank, probability, drawn, logit, ...token }: PanelCandidate) => [
    rank,
    quoted(tokenName(token)),
    token.id,
    probability,
    drawn,
    logit,
  ];
  const rest = [null, label('tail', numbers.count(tail.count)), null, tail.probability, tail.drawn, null];
  return {
    columns: ['rank', 'token', 'id', 'probability', 'drawn', 'logit'].map((name) => label(name)),
    rows: tail.count > 0 ? [...candidates.map(row), rest] : candidates.map(row),
  };
}
