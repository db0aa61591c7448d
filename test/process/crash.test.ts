import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import type { ErrorCode } from '../../src/protocol/errors.ts';
import {
  firstProgress,
  generateParams,
  isAlive,
  rejectsWith,
  scoreParams,
  startHost,
  testEngine,
  until,
} from './support.ts';

const endless = 'slices:1000000';

test('SIGKILL while idle: it starts again by itself', async (t) => {
  const { engine, states, pid } = startHost(t);
  await engine.start();
  const before = pid();
  process.kill(before, 'SIGKILL');
  await until('ready again', () => states.filter((state) => state === 'ready').length === 2);
  assert.notEqual(pid(), before);
  assert.deepEqual(states, ['starting', 'ready', 'restarting', 'starting', 'ready']);
  await engine.score(scoreParams('slices:1'));
});

test('SIGKILL while requests run: all of them end, and the next one works', async (t) => {
  const { engine, pid } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const first = rejectsWith('process-exited', engine.score(scoreParams(endless), { onProgress }));
  const second = rejectsWith('process-exited', engine.generate(generateParams(endless)));
  await begun;
  process.kill(pid(), 'SIGKILL');
  assert.equal((await first).facts.reason, 'SIGKILL');
  await second;
  await engine.score(scoreParams('slices:1'));
});

test('SIGKILL while loading: the load ends, and the next one works', async (t) => {
  const { engine, pid } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const loading = rejectsWith('process-exited', engine.load({ modelDir: endless }, { onProgress }));
  await begun;
  process.kill(pid(), 'SIGKILL');
  await loading;
  assert.equal((await engine.load({ modelDir: 'slices:1' })).name, 'slices:1');
});

test('a request made while the process is down waits for the restart', async (t) => {
  const { engine, states, pid } = startHost(t, { timing: { restartDelays: Array(4).fill(300) } });
  await engine.start();
  process.kill(pid(), 'SIGKILL');
  // Noted when it happens: the next state may come before this test looks again.
  await until('restarting', () => states.includes('restarting'));
  await engine.score(scoreParams('slices:1'));
  assert.deepEqual(states, ['starting', 'ready', 'restarting', 'starting', 'ready']);
});

const crashes: [text: string, reason: RegExp][] = [
  ['exit:3', /^exit code 3$/],
  ['abort', /^SIGABRT$/],
  ['heap', /^SIGABRT$/],
];
for (const [text, reason] of crashes) {
  test(`a process that ends by itself (${text}) is named and replaced`, async (t) => {
    const program = { ...testEngine, execArgv: ['--max-old-space-size=40'] };
    const { engine } = startHost(t, { program });
    const error = await rejectsWith('process-exited', engine.score(scoreParams(text)));
    assert.match(String(error.facts.reason), reason);
    await engine.score(scoreParams('slices:1'));
  });
}

const failures: [text: string, code: ErrorCode, reason: RegExp][] = [
  ['throw', 'internal', /undefined is not a checkpoint/],
  ['memory', 'out-of-memory', /allocation failed/],
];
for (const [text, code, reason] of failures) {
  test(`an exception (${text}) is a typed error, its stack is in the log, the process lives on`, async (t) => {
    const { engine, log, pid } = startHost(t);
    const error = await rejectsWith(code, engine.score(scoreParams(text)));
    assert.match(String(error.facts.reason), reason);
    assert.match(log.join('\n'), /error: \w+Error: .*(\n\s+at .*)*testEngine/);
    const before = pid();
    await engine.score(scoreParams('slices:1'));
    assert.equal(pid(), before);
  });
}

test("the engine's own errors keep their code and facts and are not logged", async (t) => {
  const { engine, log } = startHost(t);
  const error = await rejectsWith('token-unknown', engine.score(scoreParams('refuse:7')));
  assert.deepEqual(error.facts, { id: 7, last: 0 });
  assert.ok(!log.some((line) => line.startsWith('error')), log.join('\n'));
});

test('garbage on stdout and on the channel harms nothing', async (t) => {
  const { engine, log } = startHost(t);
  await engine.score(scoreParams('garbage'));
  await engine.score(scoreParams('slices:1'));
  await until('the output is in the log', () => /"stdout"/.test(log.join('\n')));
  assert.match(log.join('\n'), /warn: stderr/);
});

test('a crash loop is given up and reported; only a requested restart tries again', async (t) => {
  const { engine, states, pid } = startHost(t);
  const crash = () => rejectsWith('process-exited', engine.score(scoreParams('exit:1')));
  for (let count = 1; count <= 5; count++) await crash();
  await until('given up', () => states.at(-1) === 'gave-up');
  const before = pid();
  const error = await rejectsWith('process-gave-up', engine.score(scoreParams('slices:1')));
  assert.deepEqual(error.facts, { count: 5, minutes: 3 });
  assert.equal(pid(), before);
  await engine.restart();
  assert.equal(states.at(-1), 'ready');
  assert.notEqual(pid(), before);
  await engine.score(scoreParams('slices:1'));
  // The crashes before it do not count.
  for (let count = 1; count <= 4; count++) await crash();
  await engine.score(scoreParams('slices:1'));
});

test('a restart while it works: what is under way ends as cancelled, and another process answers', async (t) => {
  const { engine, states, pid } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const work = rejectsWith('cancelled', engine.score(scoreParams(endless), { onProgress }));
  await begun;
  const before = pid();
  await engine.restart();
  await work;
  assert.notEqual(pid(), before);
  assert.deepEqual(states, ['starting', 'ready', 'stopped', 'starting', 'ready']);
  await engine.score(scoreParams('slices:1'));
  await until('the old process is gone', () => !isAlive(before));
});

test('restarts that are asked for quickly leave one process that answers', async (t) => {
  const { engine, pid, log } = startHost(t);
  const restarts = await Promise.allSettled([1, 2, 3, 4].map(() => engine.restart()));
  assert.equal(restarts.at(-1)?.status, 'fulfilled');
  for (const restart of restarts.slice(0, -1)) {
    assert.equal(restart.status === 'rejected' && restart.reason.code, 'cancelled');
  }
  await engine.score(scoreParams('slices:1'));
  assert.ok(isAlive(pid()));
  assert.equal(log.filter((line) => line.includes('Inference process ')).length, 1);
});

test('a restart in the pause after a crash does not wait for it to end', async (t) => {
  const { engine, states, pid } = startHost(t, { timing: { restartDelays: [600_000] } });
  await engine.start();
  process.kill(pid(), 'SIGKILL');
  await until('restarting', () => states.at(-1) === 'restarting');
  await engine.restart();
  await engine.score(scoreParams('slices:1'));
});

test('crashes that lie further apart than the window do not add up', async (t) => {
  const { engine } = startHost(t, { timing: { crashWindow: 1, restartDelays: [10] } });
  for (let crash = 1; crash <= 4; crash++) {
    await rejectsWith('process-exited', engine.score(scoreParams('exit:1')));
  }
});

test('a process that does not stop after a cancel is killed and replaced', async (t) => {
  const { engine, pid } = startHost(t, { timing: { stop: 200 } });
  await engine.start();
  const before = pid();
  const source = new CancellationTokenSource();
  const { onProgress, begun } = firstProgress();
  const bystander = rejectsWith(
    'process-unresponsive',
    engine.generate(generateParams(endless), { onProgress }),
  );
  await begun;
  const blocked = firstProgress();
  const options = { cancellation: source.token, onProgress: blocked.onProgress };
  const ended = rejectsWith('cancelled', engine.score(scoreParams('block:600000'), options));
  await blocked.begun;
  source.cancel();
  await ended;
  await bystander;
  await engine.score(scoreParams('slices:1'));
  assert.notEqual(pid(), before);
});

test('a process that stops answering while it works is killed and replaced', async (t) => {
  const { engine, pid } = startHost(t, { timing: { pingInterval: 50, stall: 3_000 } });
  await engine.start();
  const before = pid();
  await rejectsWith('process-unresponsive', engine.score(scoreParams('block:600000')));
  await until('the old process is gone', () => !isAlive(before));
  await engine.score(scoreParams('slices:1'));
});

test('a long computation that answers between its slices is left alone', async (t) => {
  const { engine, pid, log } = startHost(t, { timing: { pingInterval: 20, stall: 2_000 } });
  await engine.start();
  const before = pid();
  await engine.score(scoreParams('slices:250'));
  assert.equal(pid(), before, log.join('\n'));
});
