/** What is evaluated: lines of JSON, from a file or from a suite that comes with whytoken; or a table of minimal pairs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { shortened, withSigns } from '../../protocol/safeText.ts';
import { suiteNames } from '../options.ts';
import { UsageError } from '../usageError.ts';
import { type Example, example } from './example.ts';
import { exampleOfPair, isPair, parseCsvExamples } from './published.ts';

type SuiteName = (typeof suiteNames)[number];

/** Two folders up from here, in the sources (src/cli/evaluate) as in the bundle (dist/cli). */
const suiteFile = (name: SuiteName) =>
  [`../../../models/suites/${name}.jsonl`, `../../models/suites/${name}.jsonl`].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );

/** @throws UsageError */
export function readSuite(name: string): Example[] {
  const known = suiteNames.find((one) => one === name);
  if (!known)
    throw new UsageError(`There is no suite ${JSON.stringify(name)}. Use ${suiteNames.join(', ')}.`);
  for (const file of suiteFile(known)) {
    const content = contentOf(file);
    if (content !== null) return parseExamples(content, file);
  }
  throw new UsageError(`The suite ${known} is missing from this installation. Install whytoken again.`);
}

/** @throws UsageError */
export function readExamples(file: string): Example[] {
  const content = contentOf(file);
  if (content === null)
    throw new UsageError(
      `${withSigns(file)} cannot be read. Give a file of JSON lines, a .csv, or --suite NAME.`,
    );
  return /\.csv$/i.test(file) ? parseCsvExamples(content, file) : parseExamples(content, file);
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Empty lines are left out. @throws UsageError that names the line */
export function parseExamples(content: string, file: string): Example[] {
  const examples = content.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const wrong = (reason: string) =>
      new UsageError(
        `Line ${index + 1} of ${withSigns(file)} is no example: ${shortened(reason, 200, 200)}. A line is like {"text": "…", "target": " Paris", "foil": " London", "evidence": [[0, 3]]}, or as BLiMP has them.`,
      );
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch (error) {
      throw wrong(withSigns((error as Error).message));
    }
    if (isPair(parsed)) {
      try {
        return [exampleOfPair(parsed)];
      } catch (error) {
        throw wrong(withSigns((error as Error).message));
      }
    }
    const checked = v.safeParse(example, parsed);
    if (!checked.success) throw wrong(withSigns(v.summarize(checked.issues).split('\n')[0] ?? ''));
    const { text, evidence = [] } = checked.output;
    const bad = evidence.find(([start, end]) => start >= end || end > text.length);
    if (bad)
      throw wrong(`the evidence ${bad.join('–')} is no range of the text, which has ${text.length} units`);
    return [checked.output];
  });
  if (examples.length === 0) throw new UsageError(`${withSigns(file)} has no examples.`);
  return examples;
}
