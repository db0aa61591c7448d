import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import type { EngineErrorData, ErrorCode } from '../../src/protocol/errors.ts';
import { isEngineErrorData } from '../../src/protocol/errors.ts';
import { limits } from '../../src/protocol/limits.ts';
import { explainParams, generateParams, rejectsWith, scoreParams, startHost, testEngine } from './support.ts';

type Rejects = (code: ErrorCode, facts: object, change: object) => Promise<void>;

test('an invalid parameter is named with what it must be', async (t) => {
  const { engine } = startHost(t);
  const valid = explainParams('slices:1');
  await rejectsWith('foil-needed', engine.explain(valid));
  const explain: Rejects = async (code, facts, change) => {
    const error = await rejectsWith(code, engine.explain({ ...valid, ...change }));
    assert.deepEqual(error.facts, facts);
  };
  const option = (name: string, value: string, expected: string) => ({ option: name, value, expected });
  await explain('option-invalid', option('modelDir', '', 'a path'), { modelDir: '' });
  await explain('option-invalid', option('modelDir', 'a\0b', 'a path'), { modelDir: 'a\0b' });
  await explain('option-invalid', option('text', '7', 'a text'), { text: 7 });
  await explain('option-invalid', option('bos', 'yes', 'true | false'), { bos: 'yes' });
  await explain('option-invalid', option('tolerance', 'NaN', '0 … 1'), { tolerance: Number.NaN });
  await explain('option-invalid', option('steps', '0', 'auto | 1 … 2000'), { steps: 0 });
  await explain('option-invalid', option('target.kind', 'none', 'top | id | text'), {
    target: { kind: 'none' },
  });
  await explain('option-invalid', option('objective', '{…}', 'contrast | logit | log-prob | probability'), {
    objective: { __proto__: null },
  });
  await explain('range-invalid', { start: 5, end: 2 }, { range: { start: 5, end: 2 } });
  await explain('range-invalid', { start: 0, end: 9 }, { range: { start: 0, end: 9 } });
  await explain('range-invalid', { start: 0.5, end: 2 }, { range: { start: 0.5, end: 2 } });
  const length = limits.textLength + 1;
  await explain('text-too-long', { length, limit: limits.textLength }, { text: 'x'.repeat(length) });
});

test('the bounds themselves are valid', async (t) => {
  const { engine } = startHost(t);
  const text = `slices:1${' '.repeat(limits.textLength - 8)}`;
  const range = { start: text.length, end: text.length };
  await engine.score({ ...scoreParams(text), range, top: limits.alternatives });
  const generate = {
    sequences: limits.sequences,
    maxTokens: limits.generatedTokens,
    temperature: 0,
    topP: 1,
  };
  await engine.generate({ ...generateParams(''), ...generate });
});

/** A connection without our client, which would not let such requests through. */
function connectRaw(t: TestContext) {
  const child = fork(testEngine.entry, { serialization: 'advanced' });
  t.after(() => child.kill());
  const rpc = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  rpc.listen();
  return { child, rpc };
}

test('parameters of any shape end in a typed error', async (t) => {
  const { child, rpc } = connectRaw(t);
  const method = fc.constantFrom('handshake', 'load', 'explain', 'score', 'generate', 'attention');
  const almost = fc.record({
    modelDir: fc.string(),
    text: fc.anything(),
    bos: fc.boolean(),
    range: fc.anything(),
  });
  const params = fc.oneof(fc.anything(), fc.object(), almost);
  const property = fc.asyncProperty(method, params, async (name, value) => {
    const error = await rpc.sendRequest(name, value).then(
      () => undefined,
      (reason: ResponseError<EngineErrorData>) => reason,
    );
    // A random `{modelDir: 'x'}` may be a valid `load`.
    if (error === undefined) return;
    assert.ok(error instanceof ResponseError);
    assert.ok(isEngineErrorData(error.data), `${error.code} ${error.message}`);
    assert.notEqual(error.data.code, 'internal', error.message);
  });
  await fc.assert(property, { numRuns: 1000 });
  assert.equal(child.exitCode, null);
});

test('an unknown method is refused', async (t) => {
  const { rpc } = connectRaw(t);
  await assert.rejects(rpc.sendRequest('constructor', {}), /Unhandled method/);
});
