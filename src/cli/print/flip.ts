/** For a person: the edit that was found, and what the model says before and after it. */
import type { Flipped, TextEdit } from '../../protocol/results.ts';
import { editKindName, editText, flipFacts, flipText } from '../../text/telling/edits.ts';
import { padEnd } from '../terminal/columns.ts';
import { nextLine, type Page, receiptLines, telling } from './common.ts';

export function printFlip(flipped: Flipped, page: Page): string {
  const { receipt, found, edits, before, after } = flipped;
  const { chalk } = page;
  const closest = !found && edits.length > 0 ? ['The closest that was tried:'] : [];
  const changed = edits.length > 0 ? [...closest, ...edits.map(editLine)] : [];
  const said = [nextLine(before.next, page, 'Before  '), nextLine(after.next, page, 'After   ')];
  const parts = [
    [chalk.bold(flipText(flipped, telling)), ...changed].join('\n'),
    (edits.length > 0 ? said : said.slice(0, 1)).join('\n'),
    [flipFacts(flipped, telling).join(' · '), ...receiptLines(receipt)].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

export function editLine(edit: TextEdit): string {
  const place = `${edit.start}–${edit.end}`;
  return `  ${padEnd(place, 9)} ${padEnd(editText(edit, telling), 32)} ${editKindName(edit.kind, telling)}`;
}
