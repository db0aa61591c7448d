/** What several verbs print alike. */
import stringWidth from 'string-width';
import type { Alternative, Receipt } from '../../protocol/results.ts';
import { type NamedToken, tokenName } from '../../text/pieceNames.ts';
import { droppedText } from '../../text/telling/remarks.ts';
import { inEnglish } from '../../text/telling/telling.ts';
import { visible } from '../../text/visible.ts';
import { clip } from '../terminal/columns.ts';
import type { Screen } from '../terminal/screen.ts';

/** What printing needs to know of the screen. */
export type Page = Pick<Screen, 'width' | 'chalk' | 'hasColours'>;

/** How many rows a table has at most, so that it can be taken in at once. */
export const glance = 12;

/** A token in quotes, in at most `width` columns. */
export function label(token: NamedToken, width = 24): string {
  return `"${clip(visible(tokenName(token)), width - 2)}"`;
}

/** Results in English, with tokens labelled as in the tables. */
export const telling = inEnglish((token) => label(token));
export const { numbers } = telling;

/** The distribution after the text: as many tokens as one line has room for. */
export function nextLine(next: readonly Alternative[], { width, chalk }: Page, heading = 'Next  '): string {
  const gap = '   ';
  let room = width - heading.length;
  const shown: string[] = [];
  for (const token of next) {
    const item = `${label(token)} ${numbers.percent(token.probability)}`;
    room -= stringWidth(item);
    if (room < 0 && shown.length > 0) break;
    shown.push(item);
    room -= gap.length;
  }
  return chalk.bold(heading) + shown.join(gap);
}

/** Which model, and how long it took. */
export function receiptText({ model, bos, milliseconds }: Receipt): string {
  const parts = [visible(model.name), `${numbers.count(milliseconds)} ms`];
  if (bos) parts.push('<|endoftext|> in front');
  return parts.join(' · ');
}

/** The receipt, with a line that says so if the front of the text was not read. */
export function receiptLines(receipt: Receipt): string[] {
  const dropped = droppedText(receipt, telling);
  return [receiptText(receipt), ...(dropped === null ? [] : [dropped])];
}
