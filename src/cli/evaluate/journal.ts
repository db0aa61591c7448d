/**
 * What was evaluated, a line for each example, so that a run that was stopped goes on where it was. A line is written when
 * its example is done; one that was cut off is not counted, and its example is evaluated again.
 */
import { closeSync, fsyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import * as v from 'valibot';
import { type Evaluated, evaluated } from '../../protocol/results/evaluated.ts';
import { withSigns } from '../../protocol/safeText.ts';
import { UsageError } from '../usageError.ts';

/** @param key says all that the answer depends on */
const lineSchema = v.object({
  key: v.string(),
  answer: v.nullable(evaluated),
  reason: v.nullable(v.string()),
});
export type JournalLine = v.InferOutput<typeof lineSchema>;

/** @param answer null where the example cannot be evaluated, for the reason that stands there */
export interface Journal {
  find(key: string): { answer: Evaluated | null; reason: string | null } | undefined;
  add(line: JournalLine): void;
  close(): void;
}

/** @param file null: nothing is kept. @throws UsageError for a file that is no journal */
export function openJournal(file: string | null): Journal {
  const known = new Map<string, JournalLine>();
  if (file === null)
    return { find: (key) => known.get(key), add: (line) => void known.set(line.key, line), close() {} };
  const whole = readWhole(file, known);
  const handle = openToAppend(file, whole);
  return {
    find: (key) => known.get(key),
    add(line) {
      known.set(line.key, line);
      writeSync(handle, `${JSON.stringify(line)}\n`);
      fsyncSync(handle);
    },
    close: () => closeSync(handle),
  };
}

/** @returns how many bytes are whole lines */
function readWhole(file: string, known: Map<string, JournalLine>): number {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw unusable(file, withSigns((error as Error).message));
  }
  const end = content.lastIndexOf(0x0a) + 1;
  for (const [index, line] of content.subarray(0, end).toString('utf8').split('\n').entries()) {
    if (line === '') continue;
    const parsed = v.safeParse(lineSchema, parse(line));
    if (!parsed.success) throw unusable(file, `line ${index + 1} is not one of its lines`);
    known.set(parsed.output.key, parsed.output);
  }
  return end;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function openToAppend(file: string, whole: number): number {
  try {
    const handle = openSync(file, 'a');
    truncateSync(file, whole);
    return handle;
  } catch (error) {
    throw unusable(file, withSigns((error as Error).message));
  }
}

function unusable(file: string, reason: string): UsageError {
  return new UsageError(
    `${withSigns(file)} cannot keep the results: ${reason}. Name another file with --results.`,
  );
}
