import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Lanes } from '../../../../src/inference/serve/lanes.ts';
import { EngineError } from '../../../../src/protocol/errors.ts';

async function turns(count = 5): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

/** Requests that work until they are told to stop, or until a test lets them end. */
function setUp() {
  const lanes = new Lanes();
  const atWork: string[] = [];
  const ask = (lane: string, name: string) => {
    const controller = new AbortController();
    const end = Promise.withResolvers<string>();
    const answer = lanes.run(lane, controller, async () => {
      atWork.push(name);
      controller.signal.addEventListener('abort', () => end.reject(controller.signal.reason));
      return end.promise;
    });
    answer.catch(() => {});
    return { answer, controller, finish: () => end.resolve(name) };
  };
  return { lanes, atWork, ask };
}

describe('Lanes', () => {
  test('the newest request of a lane takes the place of the older one, and of no other lane’s', async () => {
    const { atWork, ask } = setUp();
    const [older, other] = [ask('a', 'older'), ask('b', 'other')];
    await turns();
    const newer = ask('a', 'newer');
    await assert.rejects(older.answer, { code: 'superseded' });
    await turns();
    assert.deepEqual(atWork, ['older', 'other', 'newer']);
    newer.finish();
    other.finish();
    assert.deepEqual(await Promise.all([newer.answer, other.answer]), ['newer', 'other']);
  });

  test('of a thousand requests of one lane only the last one works', async () => {
    const { atWork, ask } = setUp();
    const asked = Array.from({ length: 1000 }, (_, index) => ask('a', `${index}`));
    const last = asked.pop()!;
    const outcomes = await Promise.allSettled(asked.map(({ answer }) => answer));
    assert.ok(outcomes.every((end) => end.status === 'rejected' && end.reason.code === 'superseded'));
    await turns();
    assert.deepEqual(atWork, ['999']);
    last.finish();
    assert.equal(await last.answer, '999');
  });

  test('a newer request begins when the older one has really stopped', async () => {
    const { lanes, atWork, ask } = setUp();
    const stopped = Promise.withResolvers<void>();
    const stubborn = lanes.run('a', new AbortController(), () => stopped.promise);
    stubborn.catch(() => {});
    await turns();
    const newer = ask('a', 'newer');
    await turns();
    assert.deepEqual(atWork, []);
    stopped.resolve();
    await assert.rejects(stubborn, { code: 'superseded' });
    await turns();
    assert.deepEqual(atWork, ['newer']);
    newer.finish();
    await newer.answer;
  });

  test('a request that is cancelled before it starts does no work, and the one behind it does', async () => {
    const { atWork, ask } = setUp();
    const first = ask('a', 'first');
    first.controller.abort(new EngineError('cancelled'));
    await assert.rejects(first.answer, { code: 'cancelled' });
    const second = ask('a', 'second');
    await turns();
    assert.deepEqual(atWork, ['second']);
    second.finish();
    await second.answer;
  });

  test('a lane is removed when its last request ends, in whatever way', async () => {
    const { lanes, ask } = setUp();
    const [done, cancelled, failed] = [ask('a', 'done'), ask('b', 'cancelled'), new AbortController()];
    const failure = lanes.run('c', failed, async () => {
      throw new TypeError('no');
    });
    const superseded = [ask('d', 'older'), ask('d', 'newer')];
    assert.equal(lanes.size, 4);
    await assert.rejects(failure, TypeError);
    await turns();
    done.finish();
    cancelled.controller.abort(new EngineError('cancelled'));
    superseded[1]!.finish();
    await Promise.allSettled([done, cancelled, ...superseded].map(({ answer }) => answer));
    assert.equal(lanes.size, 0);
  });
});
