import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Pacer } from '../../../../src/inference/gpt2/pacer.ts';
import { StagedRun } from '../../../../src/inference/gpt2/stagedRun.ts';
import { Run } from '../../../../src/inference/run.ts';
import type { Feeds } from '../../../../src/inference/runtime/backend.ts';
import { floats, type Tensor } from '../../../../src/inference/runtime/tensors.ts';
import { fakeProgram } from '../../../fixtures/fakeProgram.ts';

const plusOne = (from: string, to: string, onRun: (feeds: Feeds) => void = () => {}) =>
  fakeProgram([from], [to], (feeds) => {
    onRun(feeds);
    const { data, dims } = feeds[from] as Tensor & { data: Float32Array };
    return {
      [to]: floats(
        data.map((value) => value + 1),
        dims,
      ),
    };
  });
const x = (...values: number[]) => floats(Float32Array.from(values), [values.length]);

test('the pace learns the time of the stages, not that of other work between them', async (t) => {
  const clock = clockOf(t);
  const run = Run.detached();
  t.mock.method(run, 'breathe', async () => {
    clock.now += 1000;
  });
  const pace = new Pacer(1, 160, 256);
  const learn = t.mock.method(pace, 'learn');
  const takes = () => {
    clock.now += 5;
  };
  const stages = [plusOne('x', 'h', takes), plusOne('h', 'y', takes)];
  const { y } = await new StagedRun().evaluate(stages, { x: x(1) }, run, { pace, rows: 3 });
  assert.deepEqual(y, Float32Array.of(3));
  assert.deepEqual(
    learn.mock.calls.map(({ arguments: given }) => given),
    [[3, 10]],
  );
});

test('values that are handed on use the last run’s memory, as long as stages and shapes are the same', async () => {
  const handedOn: unknown[] = [];
  const stages = [plusOne('x', 'h'), plusOne('h', 'y', ({ h }) => handedOn.push(h?.data))];
  const pacing = { pace: new Pacer(1, 160, 256), rows: 1 };
  const staged = new StagedRun();
  const evaluate = async (...values: number[]) =>
    (await staged.evaluate(stages, { x: x(...values) }, Run.detached(), pacing)).y;
  const first = await evaluate(1);
  assert.deepEqual(await evaluate(5), Float32Array.of(7));
  assert.deepEqual(first, Float32Array.of(3), 'results are not written over');
  assert.equal(handedOn[1], handedOn[0]);
  assert.deepEqual(await evaluate(1, 2), Float32Array.of(3, 4));
  assert.notEqual(handedOn[2], handedOn[1]);
  staged.release();
  assert.equal((handedOn[2] as Float32Array).length, 0, 'given back at once');
  assert.deepEqual(await evaluate(1, 2), Float32Array.of(3, 4), 'and made anew');
});

function clockOf(t: TestContext): { now: number } {
  const clock = { now: 0 };
  t.mock.method(performance, 'now', () => clock.now);
  return clock;
}
