import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { protocolVersion, requests } from '../../src/protocol/engine.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import {
  isAlive,
  oddProgram,
  realEngine,
  rejectsWith,
  scoreParams,
  startHost,
  testEngine,
  until,
} from './support.ts';

test('a request starts the process; all see the states', async (t) => {
  const { engine, states, log } = startHost(t);
  assert.deepEqual(states, []);
  const scores = await engine.score(scoreParams('slices:3'));
  assert.equal(scores.next[0]?.text, 'slices:3');
  assert.deepEqual(states, ['starting', 'ready']);
  assert.match(log.join('\n'), /whytoken \d+\.\d+\.\d+, onnxruntime \d+\.\d+\.\d+/);
});

test('the real process shakes hands without loading the engine or the runtime', async (t) => {
  const { engine, pid } = startHost(t, { program: realEngine });
  await engine.start();
  assert.ok(isAlive(pid()));
  if (process.platform !== 'linux') return;
  assert.doesNotMatch(fs.readFileSync(`/proc/${pid()}/maps`, 'utf8'), /onnxruntime/);
});

test('starting twice at once forks one process', async (t) => {
  const { engine, log } = startHost(t);
  await Promise.all([engine.start(), engine.start(), engine.score(scoreParams(''))]);
  await engine.start();
  assert.equal(log.filter((line) => line.includes('Inference process')).length, 1);
});

test('a process of another version is refused and not kept', async (t) => {
  const { engine, states, pid } = startHost(t, { version: '0.0.0-other' });
  const error = await rejectsWith('version-mismatch', engine.start());
  assert.equal(error.facts.host, '0.0.0-other');
  assert.deepEqual(states, ['starting', 'stopped']);
  assert.throws(pid);
  await rejectsWith('version-mismatch', engine.score(scoreParams('')));
});

test('a host of another protocol is refused by the process', async (t) => {
  const child = fork(testEngine.entry, { serialization: 'advanced' });
  t.after(() => child.kill());
  const rpc = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  rpc.listen();
  await assert.rejects(rpc.sendRequest(requests.handshake, { protocolVersion: 99 }), (error) => {
    assert.ok(error instanceof ResponseError);
    assert.deepEqual(error.data, { code: 'version-mismatch', facts: { host: 99, engine: protocolVersion } });
    return true;
  });
});

test('an exit before the handshake is survived when the next start works', async (t) => {
  const { engine, states } = startHost(t, {
    program: oddProgram(`exit-once=${path.join(temporaryFolder(t), 'flag')}`),
  });
  await engine.score(scoreParams('slices:1'));
  assert.deepEqual(states, ['starting', 'restarting', 'starting', 'ready']);
});

test('a process that always exits before the handshake is given up', async (t) => {
  const { engine, states, log } = startHost(t, { program: oddProgram('exit') });
  const error = await rejectsWith('process-gave-up', engine.score(scoreParams('')));
  assert.deepEqual(error.facts, { count: 5, minutes: 3 });
  assert.equal(states.filter((state) => state === 'starting').length, 5);
  assert.equal(states.at(-1), 'gave-up');
  assert.match(log.join('\n'), /exit code 7/);
});

test('a process that never answers the handshake is ended', async (t) => {
  const timing = { pingInterval: 50, stall: 200, restartDelays: [10] };
  const { engine } = startHost(t, { program: oddProgram('silent'), timing });
  await rejectsWith('process-gave-up', engine.start());
});

test('a process that closes its channel but lives on is ended', async (t) => {
  const { engine } = startHost(t, { program: oddProgram('hang-up'), timing: { restartDelays: [10] } });
  await rejectsWith('process-gave-up', engine.start());
});

test('an executable that cannot be started is given up', async (t) => {
  const { execPath } = process;
  process.execPath = path.join(os.tmpdir(), 'whytoken-no-such-executable');
  t.after(() => {
    process.execPath = execPath;
  });
  const { engine, log } = startHost(t);
  await rejectsWith('process-gave-up', engine.start());
  assert.match(log.join('\n'), /ENOENT/);
});

test('disposing ends the process and cancels what is pending', async (t) => {
  const { engine, pid } = startHost(t);
  await engine.start();
  const work = rejectsWith('cancelled', engine.score(scoreParams('slices:100000')));
  const child = pid();
  engine.dispose();
  await work;
  await until('the process is gone', () => !isAlive(child));
  await rejectsWith('cancelled', engine.start());
});

test('disposing while the process starts cancels the start', async (t) => {
  const { engine } = startHost(t);
  const start = rejectsWith('cancelled', engine.start());
  engine.dispose();
  await start;
});
