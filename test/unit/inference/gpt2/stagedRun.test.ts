import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacer } from '../../../../src/inference/gpt2/pacer.ts';
import type { Session } from '../../../../src/inference/gpt2/runtime.ts';
import { StagedRun } from '../../../../src/inference/gpt2/stagedRun.ts';
import { Run } from '../../../../src/inference/run.ts';

test('the pace learns what the stages took, not what others took between them', async (t) => {
  let clock = 0;
  t.mock.method(performance, 'now', () => clock);
  const stage = (inputNames: string[], outputNames: string[]) =>
    ({
      inputNames,
      outputNames,
      async run() {
        clock += 5;
        return Object.fromEntries(outputNames.map((name) => [name, { data: Float32Array.of(1), dims: [1] }]));
      },
    }) as unknown as Session;
  const run = Run.detached();
  t.mock.method(run, 'breathe', async () => {
    clock += 1000;
  });
  const pace = new Pacer(1, 160, 256);
  const learn = t.mock.method(pace, 'learn');
  const stages = [stage(['x'], ['h']), stage(['h'], ['y'])];
  const x = { data: Float32Array.of(1), dims: [1] } as never;
  const { y } = await new StagedRun().evaluate(stages, { x }, run, { pace, rows: 3 });
  assert.equal(y?.[0], 1);
  assert.deepEqual(
    learn.mock.calls.map(({ arguments: given }) => given),
    [[3, 10]],
  );
});
