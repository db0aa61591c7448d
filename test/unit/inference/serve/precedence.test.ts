import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Run } from '../../../../src/inference/run.ts';
import { Precedence } from '../../../../src/inference/serve/precedence.ts';
import { EngineError } from '../../../../src/protocol/errors.ts';
import type { Rank } from '../../../../src/protocol/verbs.ts';

/** Time stands still unless a test says otherwise; the turns of the event loop go on. */
function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const precedence = new Precedence();
  const order: string[] = [];
  /** @param shownAt the slice in which there is something to see for the first time */
  const work = (
    name: string,
    rank: Rank,
    slices: number,
    shownAt = Number.POSITIVE_INFINITY,
    controller = new AbortController(),
  ) =>
    precedence.hold(rank, async (place) => {
      const run = new Run(controller.signal, () => {}, place);
      await run.breathe();
      for (let slice = 0; slice < slices; slice++) {
        order.push(name);
        if (slice === shownAt) place.fallBack();
        await run.breathe();
      }
    });
  return { order, work };
}

describe('Precedence', () => {
  test('a run with nothing to show yet goes before a reading one, and that before one that fills in', async (t) => {
    const { order, work } = setUp(t);
    await Promise.all([work('f', 'filling-in', 3), work('r', 'reading', 3), work('w', 'waiting', 3)]);
    assert.equal(order.join(''), 'wwwrrrfff');
  });

  test('an idle run comes after all others, also once it has shown something', async (t) => {
    const { order, work } = setUp(t);
    await Promise.all([work('i', 'idle', 4, 1), work('f', 'filling-in', 3), work('w', 'waiting', 2)]);
    assert.equal(order.join(''), 'wwfffiiii');
    order.length = 0;
    const idle = work('i', 'idle', 6, 1);
    while (order.length < 3) await turn();
    t.mock.timers.tick(5000);
    await Promise.all([idle, work('f', 'filling-in', 3)]);
    assert.match(order.join(''), /^i{3,4}fffi+$/);
  });

  test('runs of one rank take turns', async (t) => {
    const { order, work } = setUp(t);
    await Promise.all([work('a', 'reading', 4), work('b', 'reading', 4)]);
    assert.equal(order.join(''), 'abababab');
  });

  test('a run hands over as soon as it has something to show, and goes on when nobody is ahead of it', async (t) => {
    const { order, work } = setUp(t);
    await Promise.all([work('r', 'reading', 3), work('w', 'waiting', 4, 1)]);
    assert.equal(order.join(''), 'wwrrrww');
  });

  test('a run that comes later passes those that are at work', async (t) => {
    const { order, work } = setUp(t);
    const long = work('r', 'reading', 1000);
    while (order.length < 5) await turn();
    const before = order.length;
    await work('w', 'waiting', 10);
    const meanwhile = order.slice(before).lastIndexOf('w') - order.slice(before).indexOf('w') + 1;
    assert.equal(meanwhile, 10, order.slice(before).join(''));
    await long;
  });

  test('a run that has shown nothing for two seconds takes turns', async (t) => {
    const { order, work } = setUp(t);
    const controller = new AbortController();
    const endless = work('w', 'waiting', Number.POSITIVE_INFINITY, undefined, controller);
    const ended = assert.rejects(endless, { code: 'cancelled' });
    const other = work('f', 'filling-in', 3);
    for (let i = 0; i < 50; i++) await turn();
    t.mock.timers.tick(1999);
    for (let i = 0; i < 50; i++) await turn();
    assert.ok(!order.includes('f'));
    t.mock.timers.tick(1);
    await other;
    assert.match(order.join(''), /w+fw+fw+f/);
    controller.abort(new EngineError('cancelled'));
    await ended;
  });

  test('a run that waits for its turn can be cancelled', async (t) => {
    const { order, work } = setUp(t);
    const [first, second] = [new AbortController(), new AbortController()];
    const ahead = work('w', 'waiting', Number.POSITIVE_INFINITY, undefined, first);
    const behind = work('r', 'reading', 1, undefined, second);
    const ends = [ahead, behind].map((run) => assert.rejects(run, { code: 'cancelled' }));
    while (order.length < 5) await turn();
    second.abort(new EngineError('cancelled'));
    await ends[1];
    assert.ok(!order.includes('r'));
    first.abort(new EngineError('cancelled'));
    await ends[0];
  });
});
