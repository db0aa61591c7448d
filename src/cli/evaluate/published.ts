/**
 * Minimal pairs as others publish them: BLiMP's lines of JSON (Warstadt et al. 2020), and a CSV with the columns prefix,
 * target, foil and evidence. None of them comes along: a person who has such a file gives its path.
 */
import * as v from 'valibot';
import { shortened, withSigns } from '../../protocol/safeText.ts';
import { UsageError } from '../usageError.ts';
import { parseCsv } from './csv.ts';
import type { Example } from './example.ts';

const pair = v.object({
  sentence_good: v.pipe(v.string(), v.minLength(1)),
  sentence_bad: v.pipe(v.string(), v.minLength(1)),
  UID: v.optional(v.string(), 'this paradigm'),
});

/** Whether a line is one of BLiMP's. */
export const isPair = (parsed: unknown): boolean =>
  typeof parsed === 'object' && parsed !== null && 'sentence_good' in parsed;

/**
 * What both sentences begin with, and the word that each of them has next: the one-prefix method. Where they differ at
 * their first word there is nothing to explain.
 * @throws Error whose message says what is wrong
 */
export function exampleOfPair(parsed: unknown): Example {
  const checked = v.safeParse(pair, parsed);
  if (!checked.success) throw new Error(v.summarize(checked.issues).split('\n')[0] ?? '');
  const { sentence_good: good, sentence_bad: bad, UID } = checked.output;
  const [goodWords, badWords] = [wordsOf(good), wordsOf(bad)];
  const at = goodWords.findIndex((word, index) => word !== badWords[index]);
  if (at < 0 || at >= badWords.length)
    throw new Error('sentence_good and sentence_bad have no word that differs in one place');
  if (at === 0)
    throw new Error(`the sentences differ from their first word on: ${UID} is not for the one-prefix method`);
  return { text: goodWords.slice(0, at).join(''), target: goodWords[at]!, foil: badWords[at]! };
}

/** With the space in front; the full stop at the end is no part of a word. */
function wordsOf(sentence: string): string[] {
  return sentence.match(/\s*(?:[^\s.,;:!?]+|[.,;:!?]+)/g) ?? [];
}

const columns = ['prefix', 'target', 'foil', 'evidence'] as const;
const needed = columns.slice(0, 2);

/** The first line names the columns, in any order; others are not looked at. @throws UsageError that names what is wrong */
export function parseCsvExamples(content: string, file: string): Example[] {
  const name = withSigns(file);
  const { rows, badLine } = parseCsv(content);
  if (badLine !== null)
    throw new UsageError(
      `Line ${badLine} of ${name} has a quotation mark that is not closed or not doubled.`,
    );
  const [head, ...body] = rows;
  const titles = head?.cells.map((cell) => cell.trim().toLowerCase()) ?? [];
  for (const column of columns) {
    const count = titles.filter((title) => title === column).length;
    if (count > 1) throw new UsageError(`${name} has the column ${column} ${count} times.`);
    if (count === 0 && needed.includes(column))
      throw new UsageError(
        `${name} has no column ${column}. Its first line must name the columns: ${columns.join()}; foil and evidence may be left out.`,
      );
  }
  const examples = body.map(({ line, cells }) => {
    const wrong = (reason: string) =>
      new UsageError(`Line ${line} of ${name} is no example: ${shortened(withSigns(reason), 200, 200)}.`);
    if (cells.length !== titles.length)
      throw wrong(`it has ${cells.length} cells, and the first line ${titles.length}`);
    const cell = (column: (typeof columns)[number]) => cells[titles.indexOf(column)] ?? '';
    const text = cell('prefix').trimEnd();
    for (const column of needed) if (cell(column).trim() === '') throw wrong(`${column} is empty`);
    const evidence = rangesIn(cell('prefix'), cell('evidence'), wrong);
    const foil = cell('foil');
    return {
      text,
      target: asNext(cell('target')),
      ...(foil.trim() !== '' && { foil: asNext(foil) }),
      ...(evidence.length > 0 && { evidence }),
    };
  });
  if (examples.length === 0) throw new UsageError(`${name} has no examples.`);
  return examples;
}

/** A word that comes after a space, which a table seldom keeps; punctuation has none. */
const asNext = (word: string) => (/^[\s\p{P}]/u.test(word) ? word : ` ${word}`);

/** Words of the prefix, or ranges of it like 4-8, with semicolons between. */
function rangesIn(prefix: string, cell: string, wrong: (reason: string) => UsageError): [number, number][] {
  const parts = cell.split(';').map((part) => part.trim());
  return parts.filter((part) => part !== '').map((part) => rangeOf(prefix, part, wrong));
}

function rangeOf(prefix: string, part: string, wrong: (reason: string) => UsageError): [number, number] {
  const range = /^(\d+)-(\d+)$/.exec(part);
  if (range) {
    const [start, end] = [Number(range[1]), Number(range[2])];
    if (start >= end || end > prefix.trimEnd().length)
      throw wrong(
        `the evidence ${part} is no range of the prefix, which has ${prefix.trimEnd().length} units`,
      );
    return [start, end];
  }
  const found = [...prefix.matchAll(wholeWord(part))];
  const [first, second] = found;
  if (!first) throw wrong(`the evidence ${JSON.stringify(part)} is not in the prefix`);
  if (second)
    throw wrong(
      `the evidence ${JSON.stringify(part)} is in the prefix ${found.length} times: give its range, like ${first.index}-${first.index + part.length}`,
    );
  return [first.index, first.index + part.length];
}

function wholeWord(text: string): RegExp {
  const literal = text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu');
}
