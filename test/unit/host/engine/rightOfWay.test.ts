import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { RightOfWay } from '../../../../src/host/engine/rightOfWay.ts';
import { EngineError } from '../../../../src/protocol/errors.ts';

/** The process's lane: the newest request takes the place of the older one. */
class Lane {
  readonly sent: string[] = [];
  #newest: PromiseWithResolvers<string> | undefined;
  #name = '';

  readonly send = (name: string) => (): Promise<string> => {
    this.sent.push(name);
    this.#newest?.reject(new EngineError('superseded'));
    this.#newest = Promise.withResolvers();
    this.#name = name;
    return this.#newest.promise;
  };

  async finish(): Promise<void> {
    this.#newest?.resolve(this.#name);
    this.#newest = undefined;
    for (let i = 0; i < 5; i++) await turn();
  }
}

describe('RightOfWay', () => {
  const setUp = () => {
    const lane = new Lane();
    const right = new RightOfWay();
    const person = (name: string) => right.goFirst(lane.send(name));
    const agent = (name: string, source?: CancellationTokenSource) =>
      right.giveWay(lane.send(name), source?.token);
    return { lane, person, agent };
  };

  test('sends at once what gives way when nobody else is there', async () => {
    const { lane, agent } = setUp();
    const answer = agent('a');
    await lane.finish();
    await turn();
    assert.deepEqual(lane.sent, ['a']);
    await lane.finish();
    assert.equal(await answer, 'a');
  });

  test('waits until every request of a person is over, also those that fail', async () => {
    const { lane, person, agent } = setUp();
    const older = person('p1');
    const answer = agent('a');
    const newer = person('p2');
    await assert.rejects(older, { code: 'superseded' });
    await turn();
    assert.deepEqual(lane.sent, ['p1', 'p2']);
    await lane.finish();
    assert.equal(await newer, 'p2');
    assert.deepEqual(lane.sent, ['p1', 'p2', 'a']);
    await lane.finish();
    assert.equal(await answer, 'a');
  });

  test('never lets two that give way supersede one another, and keeps their order', async () => {
    const { lane, agent } = setUp();
    const answers = Promise.all([agent('a'), agent('b'), agent('c')]);
    for (const expected of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
      for (let i = 0; i < 5; i++) await turn();
      assert.deepEqual(lane.sent, expected);
      await lane.finish();
    }
    assert.deepEqual(await answers, ['a', 'b', 'c']);
  });

  test('sends again what a person has superseded, after that person', async () => {
    const { lane, person, agent } = setUp();
    const answer = agent('a');
    await turn();
    const persons = person('p');
    await turn();
    assert.deepEqual(lane.sent, ['a', 'p']);
    await lane.finish();
    assert.equal(await persons, 'p');
    assert.deepEqual(lane.sent, ['a', 'p', 'a']);
    await lane.finish();
    assert.equal(await answer, 'a');
  });

  test('gives up when a person was quicker four times', async () => {
    const { lane, person, agent } = setUp();
    const answer = assert.rejects(agent('a'), { code: 'superseded' });
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 5; j++) await turn();
      const persons = person('p');
      await lane.finish();
      await persons;
    }
    await answer;
    assert.deepEqual(lane.sent, ['a', 'p', 'a', 'p', 'a', 'p', 'a', 'p']);
  });

  test('can be cancelled while it waits for a person, and lets the next one go', async () => {
    const { lane, person, agent } = setUp();
    const source = new CancellationTokenSource();
    const persons = person('p');
    const cancelled = assert.rejects(agent('a', source), { code: 'cancelled' });
    const next = agent('b');
    source.cancel();
    await cancelled;
    assert.deepEqual(lane.sent, ['p']);
    await lane.finish();
    assert.equal(await persons, 'p');
    await lane.finish();
    assert.equal(await next, 'b');
    assert.deepEqual(lane.sent, ['p', 'b']);
  });

  test('can be cancelled while it waits in the queue, which stays in order', async () => {
    const { lane, agent } = setUp();
    const source = new CancellationTokenSource();
    const first = agent('a');
    const cancelled = assert.rejects(agent('b', source), { code: 'cancelled' });
    const third = agent('c');
    await turn();
    source.cancel();
    await cancelled;
    await turn();
    assert.deepEqual(lane.sent, ['a']);
    await lane.finish();
    assert.equal(await first, 'a');
    await lane.finish();
    assert.equal(await third, 'c');
  });

  test('passes every other failure on, and goes on working', async () => {
    const right = new RightOfWay();
    const failure = new EngineError('token-unknown', { id: 1, last: 0 });
    await assert.rejects(
      right.giveWay(() => Promise.reject(failure), undefined),
      failure,
    );
    assert.equal(await right.giveWay(async () => 'next', undefined), 'next');
  });
});
