/** The end of a test run's output. */

import type { Flaky } from './onceMore.ts';
import { type Counts, type FileOutcome, sumOf } from './outcome.ts';

/** What came of a suite, or of a check, which adds to what failed but never to what passed. */
export interface StageResult {
  name: string;
  seconds: number;
  counts: Counts;
  isCheck: boolean;
  files: FileOutcome[];
  flaky: Flaky[];
}

const slowest = 3;

function describe({ isCheck, counts: { passed, failed, skipped } }: StageResult): string {
  if (isCheck) return failed > 0 ? 'failed' : 'ok';
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function slowestFiles({ name, files }: StageResult): string[] {
  const inside = (file: string) => file.slice(`test/${name}/`.length).replace('.test.ts', '');
  const sorted = files.toSorted((a, b) => b.seconds - a.seconds).slice(0, slowest);
  const told = sorted.map(({ file, seconds }) => `${inside(file)} ${seconds.toFixed(0)} s`);
  return told.length > 1 ? [`${' '.repeat(20)}slowest: ${told.join(', ')}`] : [];
}

/** The lines: a table, the slowest files, what is flaky, and last "N passed, N failed". */
export function summaryOf(results: readonly StageResult[]): string[] {
  const table = results.flatMap((result) => {
    const seconds = `${result.seconds.toFixed(0)} s`;
    return [`${result.name.padEnd(12)}${seconds.padStart(6)}  ${describe(result)}`, ...slowestFiles(result)];
  });
  const flaky = results.flatMap((result) => result.flaky);
  const { passed, failed } = sumOf(results.map(({ counts }) => counts));
  return [
    ...table,
    ...(flaky.length > 0 ? ['', 'flaky: failed at first, and passed once more by itself'] : []),
    ...flaky.flatMap(({ file, title, error }) => [
      `  ${file}: ${title}`,
      ...error.split('\n').map((line) => `    ${line}`),
    ]),
    '',
    `${passed} passed, ${failed} failed`,
  ];
}
