import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import type { Progress } from '../../src/protocol/engine.ts';
import { firstProgress, generateParams, rejectsWith, scoreParams, startHost } from './support.ts';

/** Long enough that no test ever sees it end by itself. */
const endless = 'slices:1000000';

test('progress comes in order, for its own request, and before the result', async (t) => {
  const { engine } = startHost(t);
  const seen: Progress[] = [];
  const onProgress = (progress: Progress<unknown>) => seen.push(progress as Progress);
  await Promise.all([
    engine.score(scoreParams('slices:20'), { onProgress }),
    engine.generate(generateParams('')),
  ]);
  const expected = Array.from({ length: 20 }, (_, done) => ({ stage: 'reading', done, total: 20 }));
  assert.deepEqual(seen, expected);
});

test('typed arrays arrive as they are, special values included', async (t) => {
  const { engine } = startHost(t);
  const params = { modelDir: '', text: 'slices:2', bos: false, layers: null, heads: null };
  const { attention } = await engine.attention({ ...params, modelDir: 'none' });
  const matrix = attention[0]?.[0];
  assert.ok(matrix instanceof Float32Array);
  assert.deepEqual([...matrix.slice(1)], [Number.NaN, -0, Math.fround(1e-45)]);
});

test('the newest request of a kind takes the place of the one at work', async (t) => {
  const { engine } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const older = rejectsWith('superseded', engine.score(scoreParams(endless), { onProgress }));
  await begun;
  const newer = await engine.score(scoreParams('slices:1'));
  assert.equal(newer.next[0]?.text, 'slices:1');
  await older;
});

test('the newest request waits until the older one has really stopped', async (t) => {
  const { engine } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const older = rejectsWith('superseded', engine.score(scoreParams('stubborn:20'), { onProgress }));
  await begun;
  await engine.score(scoreParams('slices:1'));
  await older;
});

test('requests of different kinds take turns', async (t) => {
  const { engine } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const long = engine.score(scoreParams(endless), { onProgress });
  const ended = rejectsWith('cancelled', long);
  await begun;
  const generation = await engine.generate(generateParams('slices:3'));
  assert.equal(generation.sequences[0]?.text, 'slices:3');
  engine.dispose();
  await ended;
});

test('a request with nothing to show yet goes before a reading one, and lets it pass once it has shown something', async (t) => {
  const { engine } = startHost(t);
  const order: string[] = [];
  const reading = firstProgress();
  const onProgress = () => {
    order.push('read');
    reading.onProgress();
  };
  const score = engine.score(scoreParams('slices:60'), { onProgress });
  await reading.begun;
  await engine.generate(generateParams('slices:4'), { onProgress: () => order.push('generate') });
  const generated = order.slice(order.indexOf('generate'), order.lastIndexOf('generate') + 1);
  assert.deepEqual(generated, Array(4).fill('generate'));

  // Something is shown in its first slice; it never ends, and the reading does.
  const ended = rejectsWith('cancelled', engine.generate(generateParams('shown:1000000')));
  await score;
  engine.dispose();
  await ended;
});

test('a request that shows nothing for long takes turns with others', async (t) => {
  const { engine } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const ended = rejectsWith('cancelled', engine.generate(generateParams(endless), { onProgress }));
  await begun;
  const start = performance.now();
  await engine.score(scoreParams('slices:3'));
  t.diagnostic(`${Math.round(performance.now() - start)} ms`);
  engine.dispose();
  await ended;
});

test('of 1,000 rapid requests the newest is answered and every other one ends', async (t) => {
  const { engine } = startHost(t);
  await engine.start();
  const started = new Set<number>();
  const outcomes = Array.from({ length: 1000 }, (_, index) => {
    const onProgress = () => started.add(index);
    return engine.score(scoreParams(`slices:20:${index}`), { onProgress });
  });
  const settled = await Promise.allSettled(outcomes);
  const last = settled.pop();
  assert.equal(last?.status === 'fulfilled' && last.value.next[0]?.text, 'slices:20:999');
  for (const outcome of settled) {
    assert.equal(outcome.status === 'rejected' && outcome.reason.code, 'superseded');
  }
  // How many depends on when they arrive; of those that are there at once it is one: see test/unit/inference/serve.
  t.diagnostic(`${started.size} of 1000 began to work`);
});

test('a cancelled request ends when the process has stopped, and the process lives on', async (t) => {
  const { engine, pid } = startHost(t);
  const source = new CancellationTokenSource();
  const { onProgress, begun } = firstProgress();
  const options = { cancellation: source.token, onProgress };
  const work = rejectsWith('cancelled', engine.score(scoreParams(endless), options));
  await begun;
  const before = pid();
  source.cancel();
  await work;
  await engine.score(scoreParams('slices:1'));
  assert.equal(pid(), before);
});

test('a cancel before the request, and one while the process starts, ends it unsent', async (t) => {
  const { engine } = startHost(t);
  const source = new CancellationTokenSource();
  const starting = rejectsWith(
    'cancelled',
    engine.score(scoreParams(endless), { cancellation: source.token }),
  );
  source.cancel();
  await starting;
  await engine.start();
  const sent = engine.score(scoreParams('garbage'), { cancellation: source.token });
  await rejectsWith('cancelled', sent);
});

test('a cancel that arrives before the request was looked at is not lost', async (t) => {
  const { engine, pid } = startHost(t);
  await engine.start();
  const before = pid();
  const source = new CancellationTokenSource();
  const options = { cancellation: source.token };
  const { onProgress, begun } = firstProgress();
  const blocked = engine.generate(generateParams('block:1000'), { onProgress });
  await begun;
  const work = rejectsWith('cancelled', engine.score(scoreParams(endless), options));
  setImmediate(() => source.cancel());
  await work;
  await blocked;
  await engine.score(scoreParams('slices:1'));
  assert.equal(pid(), before);
});

test('a cancel after the result changes nothing', async (t) => {
  const { engine, pid } = startHost(t);
  const source = new CancellationTokenSource();
  const work = engine.score(scoreParams('slices:1'), { cancellation: source.token });
  await work;
  const before = pid();
  source.cancel();
  await engine.score(scoreParams('slices:1'));
  assert.equal(pid(), before);
});

test('no progress is reported after a cancel', async (t) => {
  const { engine } = startHost(t);
  const source = new CancellationTokenSource();
  let reports = 0;
  const onProgress = () => {
    reports++;
    source.cancel();
  };
  const options = { cancellation: source.token, onProgress };
  await rejectsWith('cancelled', engine.score(scoreParams('burst:1000'), options));
  assert.equal(reports, 1);
});

test('requests of an agent and of a person do not end each other', async (t) => {
  const { engine } = startHost(t);
  const rank = 'filling-in';
  const [persons, agents] = [firstProgress(), firstProgress()];
  const first = engine.score(scoreParams(endless, 'person'), { lane: 'person', ...persons });
  const ended = rejectsWith('superseded', first);
  await persons.begun;
  const agent = engine.score(scoreParams('slices:60', 'agent'), { lane: 'agent', rank, ...agents });
  await agents.begun;
  const second = await engine.score(scoreParams('slices:1', 'person'), { lane: 'person' });
  assert.equal(second.next[0]?.text, 'slices:1');
  await ended;
  assert.equal((await agent).next[0]?.text, 'slices:60');
});

test('a column and the whole picture of the lens are both answered', async (t) => {
  const { engine } = startHost(t);
  const { onProgress, begun } = firstProgress();
  const whole = engine.score(scoreParams('slices:60', 'whole'), { lane: 'panel.lens', onProgress });
  await begun;
  const column = engine.score(scoreParams('slices:2', 'column'), { lane: 'panel.follow' });
  assert.equal((await column).next[0]?.text, 'slices:2');
  assert.equal((await whole).next[0]?.text, 'slices:60');
});
