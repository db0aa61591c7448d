/** What the tools' answers are made of: English, a Markdown table, and never longer than a model should have to read. */
import type { Alternative } from '../../protocol/results.ts';
import { type NamedToken, tokenName } from '../../text/pieceNames.ts';
import { inEnglish, type ToldFact } from '../../text/telling/telling.ts';

/** UTF-16 units of an answer at most: about 1,000 tokens of the model that reads it. */
export const answerUnits = 4_000;

/** UTF-16 units of a token's text in an answer. */
const literalUnits = 60;

/** English for a model, whatever the editor's language; tokens as it can repeat them. */
export const toModel = inEnglish((token) => literal(tokenName(token)));
export const { numbers } = toModel;

/**
 * A text as a JSON string, which a model can repeat exactly when it names a token. Whatever is not seen is written as
 * `\u202e`, so that nothing hides in it, and so is `|`, which would end a table's cell.
 */
export function literal(text: string): string {
  let shown = '';
  for (const character of text) {
    const escaped = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}|]/u.test(character) && !/[\b\t\n\f\r]/.test(character);
    const next = escaped ? asUnits(character) : JSON.stringify(character).slice(1, -1);
    if (shown.length + next.length > literalUnits) return `"${shown}"…`;
    shown += next;
  }
  return `"${shown}"`;
}

function asUnits(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}

/** The distribution after the text, from its most probable token on. */
export function nextLine(next: readonly Alternative[]): string {
  return `Next token: ${likely(next)}.`;
}

export function likely(tokens: readonly (NamedToken & { probability: number })[]): string {
  const items = tokens.map((token) => `${toModel.quote(token)} ${numbers.percent(token.probability)}`);
  return items.join(', ');
}

/** What must be known to compute the same again. */
export function receiptLine(facts: readonly ToldFact[]): string {
  return `Receipt: ${facts.map(({ name, value }) => `${name}: ${value}`).join('; ')}.`;
}

export interface Row {
  /** The token's number in the text, from 1 on. */
  place: number;
  cells: string[];
}

export interface Answer {
  head: string[];
  columns: { name: string; align: 'left' | 'right' }[];
  /** From the most important one on: when there is no room for all, the last ones are left out. */
  rows: Row[];
  /** List those that fit in the order of the text. */
  inReadingOrder: boolean;
  /** Says what is left out when only so many rows are listed; empty if nothing is. */
  rest(listed: number): string;
  foot: string[];
}

/** An answer of at most {@link answerUnits}: paragraphs, a table, paragraphs. Empty paragraphs are left out. */
export function compose({ head, columns, rows, inReadingOrder, rest, foot }: Answer): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const ruler = columns.map(({ align }) => (align === 'right' ? '--:' : ':--'));
  for (let listed = rows.length; ; listed--) {
    const chosen = rows.slice(0, listed);
    if (inReadingOrder) chosen.sort((a, b) => a.place - b.place);
    const lines = chosen.map(({ place, cells }) => line([numbers.count(place), ...cells]));
    const table = [line(['#', ...columns.map(({ name }) => name)]), line(['--:', ...ruler]), ...lines];
    const paragraphs = [...head, ...(listed > 0 ? [table.join('\n')] : []), rest(listed), ...foot];
    const answer = paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
    if (answer.length <= answerUnits || listed === 0) return answer;
  }
}
