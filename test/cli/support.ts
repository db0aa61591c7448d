/** Running the real command line from tests. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CheckpointOptions, writeCheckpoint } from '../fixtures/checkpoint.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';

const here = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
export const sources = here('../../src/cli/main.ts');
export const bundle = here('../../dist/cli/main.mjs');

export interface CliOptions {
  input?: string | Uint8Array;
  /** {@link sources} or {@link bundle}. */
  program?: string;
}

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A random model with odd sizes and 64 positions. */
export function randomModel(t: TestContext, options: CheckpointOptions = {}): string {
  return writeCheckpoint(temporaryFolder(t), {
    layers: 3,
    heads: 3,
    width: 24,
    vocabularySize: 500,
    ...options,
  });
}

export function startCli(args: readonly string[], program = sources): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [program, ...args]);
  // A child that ends before it has read its input is none of this side's errors.
  child.stdin.on('error', () => {});
  return child;
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Result> {
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { code, stdout, stderr };
}

export async function cli(
  args: readonly string[],
  { input = '', program }: CliOptions = {},
): Promise<Result> {
  const child = startCli(args, program);
  child.stdin.end(input);
  return ended(child);
}

/** With `--json`: one object and a line break on standard output, nothing on standard error. */
export async function json<T>(args: readonly string[], options: CliOptions = {}): Promise<T> {
  const { code, stdout, stderr } = await cli([...args, '--json'], options);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /^\{.*\}\n$/);
  return JSON.parse(stdout);
}

/** Bad input: exit code 2, one line on standard error, nothing on standard output. @returns the line */
export async function refused(args: readonly string[], options: CliOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await cli(args, options);
  assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, stderr);
  assert.match(stderr, /^whytoken: [^\n]+\n$/);
  return stderr.trimEnd();
}
