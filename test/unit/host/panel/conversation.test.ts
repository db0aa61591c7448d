import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import * as v from 'valibot';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { Conversation } from '../../../../src/host/panel/conversation.ts';
import type { PanelProtocol, ToPage } from '../../../../src/protocol/panels/page.ts';

const protocol = {
  content: v.string(),
  questions: { slow: { params: v.object({ of: v.string() }), answer: v.string() } },
  order: v.object({ kind: v.literal('look') }),
} as const satisfies PanelProtocol;

function talk() {
  const sent: ToPage[] = [];
  const warned: string[] = [];
  const open: { of: string; answer: (text: string) => void }[] = [];
  const conversation = new Conversation(
    {
      protocol,
      labels: () => ({}),
      content: () => 'a text',
      obey() {},
      point() {},
      answers: {
        slow: ({ of }: { of: string }) =>
          new Promise<string>((resolve) => open.push({ of, answer: resolve })),
      },
    },
    {
      locale: 'en',
      post: (message) => sent.push(message),
      copy() {},
      save() {},
      sentence: String,
      warn: (reason) => warned.push(reason),
      newCancellation: () => new CancellationTokenSource() as never,
    },
  );
  const ask = (id: number, of: unknown = `question ${id}`) =>
    conversation.receive({ type: 'ask', id, name: 'slow', params: { of } });
  return { conversation, ask, sent, warned, open };
}

test('a number that is open is not taken a second time, and the first question keeps its answer', async () => {
  const { ask, sent, warned, open } = talk();
  ask(1, 'first');
  ask(1, 'second');
  assert.deepEqual(
    open.map(({ of }) => of),
    ['first'],
  );
  assert.deepEqual(warned, ['question 1 is open already']);
  open[0]!.answer('answer');
  await turn();
  assert.deepEqual(sent, [{ type: 'answer', id: 1, answer: 'answer' }]);
  ask(1, 'third');
  assert.deepEqual(
    open.map(({ of }) => of),
    ['first', 'third'],
  );
});

test('a page has so many questions open at once and no more', async () => {
  const { ask, sent, open } = talk();
  for (let id = 1; id <= 1000; id++) ask(id);
  assert.equal(open.length, 64);
  assert.equal(sent.length, 1000 - 64);
  assert.ok(sent.every((message) => message.type === 'failed' && message.message === ''));
  open[0]!.answer('answer');
  await turn();
  ask(2000);
  assert.equal(open.length, 65);
});

test('what a page sends in a wrong shape is told by its place, not by what it says', () => {
  const { ask, warned } = talk();
  ask(1, ['a secret text']);
  ask(2, 5);
  assert.deepEqual(warned, ['of: expected string', 'of: expected string']);
});
