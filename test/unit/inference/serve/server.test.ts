/** The server on a connection whose messages are all there at once, with an engine that only counts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  AbstractMessageReader,
  AbstractMessageWriter,
  createMessageConnection,
  type DataCallback,
  type Message,
} from 'vscode-jsonrpc/node';
import type { Run } from '../../../../src/inference/run.ts';
import { type EngineApi, serve } from '../../../../src/inference/serve/server.ts';
import type { ParamsOf } from '../../../../src/protocol/verbs.ts';

class Burst extends AbstractMessageReader {
  #deliver: DataCallback = () => {};

  listen(callback: DataCallback) {
    this.#deliver = callback;
    return { dispose() {} };
  }

  send(messages: object[]): void {
    for (const message of messages) this.#deliver({ jsonrpc: '2.0', ...message } as Message);
  }
}

interface Answer {
  id: number;
  result?: unknown;
  error?: { data: { code: string; facts: object } };
}

class Answers extends AbstractMessageWriter {
  readonly #all = new Map<number, (answer: Answer) => void>();

  async write(message: Message): Promise<void> {
    const answer = message as unknown as Answer;
    this.#all.get(answer.id)?.(answer);
  }

  end(): void {}

  to(id: number): Promise<Answer> {
    return new Promise((resolve) => this.#all.set(id, resolve));
  }
}

function setUp() {
  const [reader, answers] = [new Burst(), new Answers()];
  const begun: string[] = [];
  const structure = async ({ modelDir }: ParamsOf<'structure'>, run: Run) => {
    begun.push(modelDir);
    await run.breathe();
    return modelDir;
  };
  const connection = createMessageConnection(reader, answers);
  serve(connection, async () => ({ structure }) as unknown as EngineApi);
  connection.listen();
  const request = (id: number, envelope: object) => ({ id, method: 'structure', params: envelope });
  return { reader, answers, begun, request };
}

const structure = (lane: string, modelDir: string) => ({ lane, rank: 'waiting', params: { modelDir } });

describe('serve', () => {
  test('of a thousand simultaneous requests of one lane only the last one works', async () => {
    const { reader, answers, begun, request } = setUp();
    const requests = Array.from({ length: 1000 }, (_, id) => request(id, structure('a', `${id}`)));
    const all = Promise.all(requests.map(({ id }) => answers.to(id)));
    reader.send(requests);
    const last = (await all).pop();
    assert.equal(last?.result, '999');
    for (const { error } of (await all).slice(0, 999)) assert.equal(error?.data.code, 'superseded');
    assert.deepEqual(begun, ['999']);
  });

  test('of a thousand requests of as many lanes all are answered', async () => {
    const { reader, answers, begun, request } = setUp();
    const requests = Array.from({ length: 1000 }, (_, id) => request(id, structure(`lane ${id}`, `${id}`)));
    const all = Promise.all(requests.map(({ id }) => answers.to(id)));
    reader.send(requests);
    for (const [id, { result }] of (await all).entries()) assert.equal(result, `${id}`);
    assert.equal(begun.length, 1000);
  });

  const refused: [what: string, envelope: object, option: string, value: string, expected: string][] = [
    ['no lane', { rank: 'reading', params: {} }, 'lane', 'undefined', 'an object'],
    ['an empty lane', { ...structure('', 'x') }, 'lane', '', 'a text, 1 … 200'],
    ['a lane that is no text', { ...structure('a', 'x'), lane: 7 }, 'lane', '7', 'a text, 1 … 200'],
    ['a long lane', structure('x'.repeat(201), 'x'), 'lane', `${'x'.repeat(59)}…`, 'a text, 1 … 200'],
    [
      'a rank that there is not',
      { ...structure('a', 'x'), rank: 'first' },
      ...(['rank', 'first', 'waiting | reading | filling-in | idle'] as const),
    ],
    ['a parameter', structure('a', ''), 'modelDir', '', 'a path'],
    [
      'a token that is no number',
      { ...structure('a', 'x'), progressToken: 'x' },
      'progressToken',
      'x',
      'a number',
    ],
  ];
  for (const [what, envelope, option, value, expected] of refused) {
    test(`refuses ${what}`, async () => {
      const { reader, answers, begun, request } = setUp();
      const answer = answers.to(1);
      reader.send([request(1, envelope)]);
      const { error } = await answer;
      assert.deepEqual(error?.data, { code: 'option-invalid', facts: { option, value, expected } });
      assert.deepEqual(begun, []);
    });
  }

  test('a lane of 200 units is valid', async () => {
    const { reader, answers, request } = setUp();
    const answer = answers.to(1);
    reader.send([request(1, structure('x'.repeat(200), 'model'))]);
    assert.equal((await answer).result, 'model');
  });
});
