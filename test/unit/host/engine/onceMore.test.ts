import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onceMore } from '../../../../src/host/engine/onceMore.ts';
import { EngineError } from '../../../../src/protocol/errors.ts';

function failing(...errors: Error[]) {
  const asked = { times: 0 };
  const ask = async () => {
    const error = errors[asked.times++];
    if (error) throw error;
    return 'answer';
  };
  return { asked, ask };
}

const exited = () => new EngineError('process-exited', { reason: 'it was killed' });

test('asks once more after a failure that passes', async () => {
  const { asked, ask } = failing(exited());
  assert.equal(await onceMore(ask), 'answer');
  assert.equal(asked.times, 2);
});

test('not more than once', async () => {
  const { asked, ask } = failing(exited(), exited(), exited());
  await assert.rejects(onceMore(ask), { code: 'process-exited' });
  assert.equal(asked.times, 2);
});

test('not after a failure that stays, nor after a wanted end', async () => {
  for (const error of [new EngineError('cancelled'), new EngineError('text-empty'), new Error('a bug')]) {
    const { asked, ask } = failing(error);
    await assert.rejects(onceMore(ask), error);
    assert.equal(asked.times, 1);
  }
});
