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
import { verbNames } from '../../src/protocol/verbs.ts';
import { mapRequest } from '../fixtures/requests.ts';
import {
  attendParams,
  explainParams,
  generateParams,
  rejectsWith,
  scoreParams,
  startHost,
  testEngine,
} from './support.ts';

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
  await explain('option-invalid', option('modelDir', 'a‹U+0000›b', 'a path'), { modelDir: 'a\0b' });
  await explain('option-invalid', option('text', '7', 'a text'), { text: 7 });
  await explain('option-invalid', option('bos', 'yes', 'true | false'), { bos: 'yes' });
  await explain('option-invalid', option('tolerance', 'NaN', '0 … 1'), { tolerance: Number.NaN });
  await explain('option-invalid', option('steps', '0', 'auto | 1 … 2000'), { steps: 0 });
  await explain('option-invalid', option('target.kind', 'none', 'top | id | text | actual'), {
    target: { kind: 'none' },
  });
  await explain('option-invalid', option('objective', '{…}', 'contrast | logit | log-prob | probability'), {
    objective: { __proto__: null },
  });
  await explain('option-invalid', option('at', 'null', 'end | token | offset'), { at: null });
  await explain('option-invalid', option('at.index', '1.5', `0 … ${Number.MAX_SAFE_INTEGER}`), {
    at: { kind: 'token', index: 1.5 },
  });
  await explain(
    'option-invalid',
    { ...option('at.offset', '', '0 … 8'), value: 9 },
    { at: { kind: 'offset', offset: 9 } },
  );
  await explain('range-invalid', { start: 5, end: 2 }, { range: { start: 5, end: 2 } });
  await explain('range-invalid', { start: 0, end: 9 }, { range: { start: 0, end: 9 } });
  await explain('range-invalid', { start: 0.5, end: 2 }, { range: { start: 0.5, end: 2 } });
  const length = limits.textLength + 1;
  await explain('text-too-long', { length, limit: limits.textLength }, { text: 'x'.repeat(length) });
});

test('what is wrong with the parameters of the other verbs is named, too', async (t) => {
  const { engine } = startHost(t);
  const refuses = async (request: Promise<unknown>, option: string, value: unknown, expected: string) => {
    const { facts } = await rejectsWith('option-invalid', request);
    assert.deepEqual(facts, { option, value, expected });
  };
  for (const stride of [0, 65_536, 1.5, 'half'] as never[]) {
    const score = engine.score({ ...scoreParams(''), stride });
    await refuses(score, 'stride', `${stride}`, 'auto | 1 … 65535');
  }
  const generate = (change: object) => engine.generate({ ...generateParams(''), ...change });
  for (const repetitionPenalty of [0, 0.09, 11, Number.NaN]) {
    const request = generate({ repetitionPenalty });
    await refuses(request, 'repetitionPenalty', `${repetitionPenalty}`, '0.1 … 10');
  }
  for (const stop of ['', 'x'.repeat(257), '\ud83d']) {
    // What an error tells can be shown: half a character cannot.
    const shown = (stop.length > 60 ? `${stop.slice(0, 59)}…` : stop).toWellFormed();
    await refuses(generate({ stop: ['ok', stop] }), 'stop.1', shown, 'a text, 1 … 256');
  }
  await refuses(generate({ stop: Array(17).fill('x') }), 'stop', '[…]', '0 … 16 texts');
  await refuses(generate({ first: -1 }), 'first', '-1', `0 … ${Number.MAX_SAFE_INTEGER}`);
  const attend = (change: object) => engine.attend({ ...attendParams('abc'), ...change });
  await refuses(attend({ offset: 4 }), 'offset', 4, '0 … 3');
  await refuses(attend({ view: { kind: 'all' } }), 'view.kind', 'all', 'head | layer | mean | rollout');
  await refuses(attend({ view: { kind: 'layer', layer: -1 } }), 'view.layer', '-1', '0 … 65535');
  await refuses(attend({ withoutFirst: 1 }), 'withoutFirst', '1', 'true | false');
  await refuses(attend({ top: 101 }), 'top', '101', '0 … 100');
});

test('what is wrong with the questions about the parts of a model is named, too', async (t) => {
  const { engine } = startHost(t);
  const refuses = async (request: Promise<unknown>, option: string, value: unknown, expected: string) => {
    const { facts } = await rejectsWith('option-invalid', request);
    assert.deepEqual(facts, { option, value, expected });
  };
  const text = { modelDir: 'none', text: 'abc', bos: false };
  const at = { kind: 'end' } as const;
  const [anyIndex, past] = [`0 … ${Number.MAX_SAFE_INTEGER}`, { kind: 'offset', offset: 4 }];
  const cut = { temperature: 1, topK: 0, topP: 1, without: [] };
  const distribution = (change: object) => engine.distribution({ ...text, at, top: 5, ...cut, ...change });
  await refuses(distribution({ top: 0 }), 'top', '0', '1 … 100');
  await refuses(distribution({ top: 101 }), 'top', '101', '1 … 100');
  await refuses(distribution({ temperature: -0.1 }), 'temperature', '-0.1', '0 … 100');
  await refuses(distribution({ topK: 1.5 }), 'topK', '1.5', anyIndex);
  await refuses(distribution({ topP: 1.01 }), 'topP', '1.01', '0 … 1');
  await refuses(distribution({ at: past }), 'at.offset', 4, '0 … 3');
  await refuses(distribution({ without: null }), 'without', 'null', 'a list of heads');
  await refuses(distribution({ without: [7] }), 'without.0', '7', '{layer, head}');
  const without = [{ layer: 0, head: -1 }];
  await refuses(distribution({ without }), 'without.0.head', '-1', '0 … 65535');
  const everyHead = Array(limits.heads + 1).fill({ layer: 0, head: 0 });
  await refuses(distribution({ without: everyHead }), 'without', '[…]', `0 … ${limits.heads} heads`);

  const lens = (change: object) => engine.lens({ ...text, range: null, follow: null, ...change });
  await refuses(lens({ follow: { kind: 'actual' } }), 'follow.kind', 'actual', 'top | id | text');
  await refuses(lens({ follow: { kind: 'id', id: -1 } }), 'follow.id', '-1', anyIndex);
  await rejectsWith('range-invalid', lens({ range: { start: 2, end: 4 } }));

  const [target, foil] = [{ kind: 'top' }, { kind: 'none' }] as const;
  const importance = (change: object) => engine.importance({ ...text, at, target, foil, ...change });
  await refuses(importance({ target: { kind: 'none' } }), 'target.kind', 'none', 'top | id | text | actual');
  await refuses(
    importance({ foil: { kind: 'actual' } }),
    'foil.kind',
    'actual',
    'competitor | top | id | text | none',
  );
  await refuses(importance({ at: past }), 'at.offset', 4, '0 … 3');
});

test('what is wrong with the parameters of the verbs about heads and weights is named, too', async (t) => {
  const { engine } = startHost(t);
  const refuses = async (request: Promise<unknown>, option: string, value: unknown, expected: string) => {
    const { facts } = await rejectsWith('option-invalid', request);
    assert.deepEqual(facts, { option, value, expected });
  };
  const map = (change: object) =>
    engine.attentionMap({ ...mapRequest({ modelDir: 'none', text: 'abc' }), ...change });
  const kinds = 'head | layer | mean | max | rollout';
  await refuses(map({ view: { kind: 'all' } }), 'view.kind', 'all', kinds);
  await refuses(map({ view: { kind: 'head', layer: 0, head: -1 } }), 'view.head', '-1', '0 … 65535');
  for (const size of [0, 4097, 1.5]) await refuses(map({ size }), 'size', `${size}`, '1 … 4096');
  await refuses(map({ withoutFirst: null }), 'withoutFirst', 'null', 'true | false');
  const gradient = { at: { kind: 'end' }, target: { kind: 'top' }, foil: { kind: 'none' } };
  await refuses(map({ gradient: 1 }), 'gradient', '1', '{at, target, foil}');
  const noTarget = { ...gradient, target: { kind: 'none' } };
  await refuses(map({ gradient: noTarget }), 'gradient.target.kind', 'none', 'top | id | text | actual');
  const actualFoil = { ...gradient, foil: { kind: 'actual' } };
  await refuses(
    map({ gradient: actualFoil }),
    'gradient.foil.kind',
    'actual',
    'competitor | top | id | text | none',
  );
  const beyond = { ...gradient, at: { kind: 'offset', offset: 4 } };
  await refuses(map({ gradient: beyond }), 'at.offset', 4, '0 … 3');
  const length = limits.textLength + 1;
  const facts = { length, limit: limits.textLength };
  for (const request of [
    map({ text: 'x'.repeat(length) }),
    engine.thumbnails({ modelDir: 'none', text: 'x'.repeat(length), bos: false, size: 8 }),
  ]) {
    assert.deepEqual((await rejectsWith('text-too-long', request)).facts, facts);
  }
  const thumbnails = engine.thumbnails({ modelDir: 'none', text: 'abc', bos: false, size: 4097 });
  await refuses(thumbnails, 'size', '4097', '1 … 4096');
  const patterns = (change: object) =>
    engine.headPatterns({ modelDir: 'none', seed: 1, length: 8, sequences: 1, ...change });
  for (const length of [1, 513, Number.NaN]) {
    await refuses(patterns({ length }), 'length', `${length}`, '2 … 512');
  }
  for (const sequences of [0, 65])
    await refuses(patterns({ sequences }), 'sequences', `${sequences}`, '1 … 64');
  await refuses(patterns({ seed: -1 }), 'seed', '-1', `0 … ${Number.MAX_SAFE_INTEGER}`);
  await refuses(engine.structure({ modelDir: '' }), 'modelDir', '', 'a path');
});

test('the bounds themselves are valid', async (t) => {
  const { engine } = startHost(t);
  const text = `slices:1${' '.repeat(limits.textLength - 8)}`;
  const range = { start: text.length, end: text.length };
  await engine.score({ ...scoreParams(text), range, top: limits.alternatives, stride: limits.stride });
  await engine.attend({ ...attendParams(text), top: limits.alternatives });
  const generate = {
    sequences: limits.sequences,
    maxTokens: limits.generatedTokens,
    temperature: 0,
    topP: 1,
    repetitionPenalty: 0.1,
    stop: Array(limits.stopTexts).fill('x'.repeat(limits.stopText)),
    first: 0,
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
  const method = fc.constantFrom('handshake', ...verbNames);
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
