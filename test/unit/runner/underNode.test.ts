/** Files that fail in every way that node:test knows, run for real. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../../scripts/lib/project.ts';
import { cleanEnvironment } from '../../../scripts/workbench/folders.ts';
import { temporaryFolder } from '../../fixtures/temporary.ts';
import type { FileOutcome } from '../../runner/outcome.ts';

const head = "import { after, before, describe, test } from 'node:test';\n";

/** The programs, and how many of each one's tests pass, fail and are skipped. */
const programs: Record<string, [string, passed: number, failed: number, skipped: number, error?: RegExp]> = {
  passes: ["test('a', async (t) => { await t.test('b', () => {}); }); test.skip('c', () => {});", 2, 0, 1],
  fails: [
    "test('a', () => {}); describe('d', () => { test('b', () => { throw new Error('mine'); }); });",
    1,
    1,
    0,
    /mine/,
  ],
  'is empty': ['', 0, 1, 0, /There is no test in it/],
  'ends itself': ["test('a', () => process.exit(3)); test('b', () => {});", 0, 1, 0],
  'cannot be loaded': ["test('a', () => {}); throw new Error('at once');", 0, 1, 0],
  'throws in a group': [
    "describe('d', () => { throw new Error('in d'); }); test('a', () => {});",
    1,
    1,
    0,
    /in d/,
  ],
  'fails before': ["before(() => { throw new Error('early'); }); test('a', () => {});", 0, 1, 0, /early/],
  'fails after': ["after(() => { throw new Error('late'); }); test('a', () => {});", 1, 1, 0, /late/],
  'fails after a group': [
    "describe('d', () => { after(() => { throw new Error('late'); }); test('a', () => {}); });",
    1,
    1,
    0,
    /late/,
  ],
};

test('every file has its own counts, and none that is broken is green', async (t) => {
  const folder = temporaryFolder(t);
  const files = Object.entries(programs).map(([name, [program]]) => {
    const file = path.join(folder, `${name.replaceAll(' ', '-')}.test.ts`);
    writeFileSync(file, head + program);
    return path.relative(root, file);
  });
  const runner = new URL('../../runner/underNode.ts', import.meta.url).href;
  const script = path.join(folder, 'script.mjs');
  writeFileSync(
    script,
    `import { runUnderNode } from ${JSON.stringify(runner)};
    const outcomes = await runUnderNode(${JSON.stringify(files)}, { limitMinutes: 3 });
    console.log();
    console.log(JSON.stringify(outcomes));`,
  );
  // Without the environment of this run: inside one, node:test runs nothing.
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env: cleanEnvironment() });
  const outcomes: FileOutcome[] = JSON.parse(stdout.trim().split('\n').at(-1)!);
  for (const [index, [name, [, ...expected]]] of Object.entries(programs).entries()) {
    const [passed, failed, skipped, error = /./] = expected;
    const outcome = outcomes[index]!;
    assert.equal(outcome.file, files[index]);
    assert.deepEqual([outcome.passed, outcome.failed, outcome.skipped], [passed, failed, skipped], name);
    assert.equal(outcome.failure !== undefined, failed > 0, name);
    if (failed > 0) assert.match(outcome.failure!.error, error, name);
  }
});
