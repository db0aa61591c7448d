import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Timing } from '../../src/host/engine/timing.ts';
import { hostScript, isAlive, pidIn, until } from './support.ts';

const rounds = Number(process.env.WHYTOKEN_ORPHAN_ROUNDS ?? 10);

interface Parent {
  child: ChildProcess;
  output(): string;
}

/** Another Node process that is the extension host, with the engine as its child, in a process group of its own. */
function startParent(t: TestContext, text: string, timing: Partial<Timing> = {}): Parent {
  const child = spawn(process.execPath, [hostScript, JSON.stringify(timing), text], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (data: string) => {
    output += data;
  });
  t.after(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), 'SIGKILL');
  });
  return { child, output: () => output };
}

/** What the process is at when its parent dies, and the line of the parent that says so. */
const occupations: [name: string, text: string, sign: RegExp][] = [
  ['idle', '', /Inference process/],
  ['computing in slices', 'slices:1000000', /started/],
  ['in one call that lasts minutes', 'block:300000', /Inference process/],
];

for (const [name, text, sign] of occupations) {
  test(`no orphan is left when the parent is killed (${name}, ${rounds} times)`, async (t) => {
    let longest = 0;
    for (let round = 0; round < rounds; round++) {
      const parent = startParent(t, text);
      await until('the parent has its engine', () => sign.test(parent.output()));
      if (text.startsWith('block')) await sleep(50);
      const engine = pidIn(parent.output());
      assert.ok(isAlive(engine));
      const start = performance.now();
      parent.child.kill('SIGKILL');
      await until('the orphan is gone', () => !isAlive(engine));
      longest = Math.max(longest, performance.now() - start);
    }
    t.diagnostic(`the longest-lived orphan: ${Math.round(longest)} ms`);
  });
}

/** Everything stands still, as in a laptop that sleeps; clocks go on. */
async function sleepTogether(parent: Parent, milliseconds: number): Promise<void> {
  const group = -(parent.child.pid ?? 0);
  process.kill(group, 'SIGSTOP');
  await sleep(milliseconds);
  process.kill(group, 'SIGCONT');
}

const posix = process.platform !== 'win32';

test('sleep and resume: the work goes on in the same process', { skip: !posix }, async (t) => {
  // Busy for longer than a ping's interval, so that the sleep falls between a ping and its answer.
  const parent = startParent(t, 'block:1500', { pingInterval: 50, stall: 3_000 });
  await until('the parent has its engine', () => /Inference process/.test(parent.output()));
  await sleep(500);
  await sleepTogether(parent, 4_000);
  await until('the work has ended', () => /done|process-/.test(parent.output()));
  assert.match(parent.output(), /done/);
});

test('if only the process is stopped, it is replaced', { skip: !posix }, async (t) => {
  const parent = startParent(t, 'slices:1000000', { pingInterval: 50, stall: 3_000 });
  await until('the work has begun', () => parent.output().includes('started'));
  const engine = pidIn(parent.output());
  process.kill(engine, 'SIGSTOP');
  await until('the request has ended', () => parent.output().includes('process-unresponsive'));
  await until('there is another one', () => pidIn(parent.output()) !== engine);
  assert.ok(!isAlive(engine));
});
