/** The test suites: what each needs, and where its files are. */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/lib/project.ts';
import { Problem } from '../../scripts/lib/report.ts';

/** What a suite needs before it can run. */
export type Need = 'build' | 'package';

export interface Suite {
  needs: Need[];
  /** Test files run at the same time; 1 where they share the editor, the processor's cores or much memory. */
  concurrency?: number;
  /**
   * It waits more than it works: it starts with this suite and runs beside it and those that follow. What it prints comes
   * when its own turn has come.
   */
  beside?: string;
  limitMinutes: number;
  /** True: whether it passes depends on other processes keeping up, so that a busy machine can make it fail. */
  onceMore?: boolean;
}

/** Each is the folder of its name under test/; `extension` runs inside the extension host, the others under node:test. */
export const suites = {
  process: { needs: [], concurrency: 1, limitMinutes: 10, onceMore: true },
  unit: { needs: [], concurrency: availableParallelism(), limitMinutes: 10 },
  reference: { needs: [], concurrency: 1, limitMinutes: 15 },
  cli: { needs: ['build'], concurrency: 1, limitMinutes: 10 },
  extension: { needs: ['build'], beside: 'unit', limitMinutes: 15, onceMore: true },
  // Each has folders, a server and a browser of its own, and waits more than it works.
  e2e: { needs: ['build', 'package'], concurrency: 3, limitMinutes: 20, onceMore: true },
} satisfies Record<string, Suite>;

export type SuiteName = keyof typeof suites;

const names = Object.keys(suites) as SuiteName[];

const isSuite = (word: string): word is SuiteName => Object.hasOwn(suites, word);

function allFiles(suite: SuiteName): string[] {
  const files = globSync(`test/${suite}/**/*.test.ts`, { cwd: root });
  return files.map((file) => file.replaceAll(path.sep, '/')).sort();
}

/** @throws Problem when a test file lies where no suite would run it. */
export function checkEveryTestHasASuite(): void {
  const all = globSync('test/**/*.test.ts', { cwd: root });
  const lost = all.filter((file) => !isSuite(file.split(path.sep)[1]!));
  if (lost.length > 0) throw new Problem(`No suite runs ${lost.join(', ')}: see test/runner/suites.ts.`);
}

/**
 * The files that the words of a command name, by suite. A word after a suite's name chooses those files of it that have
 * the word in their path; without such words they are all chosen, and without any word those of every suite.
 * @throws Problem when a word names nothing.
 */
export function chosenFiles(
  words: readonly string[],
  filesOf: (suite: SuiteName) => string[] = allFiles,
): Map<SuiteName, string[]> {
  const parts = new Map<SuiteName, string[]>(words.length === 0 ? names.map((name) => [name, []]) : []);
  let suite: SuiteName | undefined;
  for (const word of words) {
    if (isSuite(word)) {
      suite = word;
      parts.set(word, parts.get(word) ?? []);
    } else if (suite) parts.get(suite)!.push(word);
    else throw new Problem(`There is no suite ${word}; there are ${names.join(', ')}.`);
  }
  const chosen = new Map<SuiteName, string[]>();
  for (const [name, wanted] of parts) {
    const files = filesOf(name);
    const inside = (file: string) => file.slice(`test/${name}/`.length);
    const missing = wanted.find((word) => !files.some((file) => inside(file).includes(word)));
    if (missing !== undefined) {
      throw new Problem(`The suite ${name} has no file ${missing}; it has\n  ${files.join('\n  ')}`);
    }
    const isWanted = (file: string) => wanted.some((word) => inside(file).includes(word));
    chosen.set(name, wanted.length > 0 ? files.filter(isWanted) : files);
  }
  return chosen;
}
