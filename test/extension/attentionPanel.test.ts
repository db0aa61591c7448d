import assert from 'node:assert/strict';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Painter, Pointed } from '../../src/host/paint/painter.ts';
import { AttentionSource } from '../../src/host/panel/attention/source.ts';
import { Panel } from '../../src/host/panel/panel.ts';
import { ReadText } from '../../src/host/panel/readText.ts';
import { attentionPanel } from '../../src/protocol/panels/attention.ts';
import type { ToPage } from '../../src/protocol/panels/page.ts';
import { fakePanel } from './fakePanel.ts';
import { fakeState, openText, replace, until, useParts } from './parts.ts';

const text = 'The river was near the old house, and the river';

describe('Attention panel', () => {
  const parts = useParts();
  let pointed: (Pointed | null)[];
  let source: AttentionSource;
  let panel: Panel<typeof attentionPanel>;
  let page: ReturnType<typeof fakePanel>;

  beforeEach(async () => {
    pointed = [];
    const painter = { point: (place: Pointed | null) => pointed.push(place) } as unknown as Painter;
    source = new AttentionSource(
      parts,
      new ReadText(parts.settings, parts.texts, painter, { state: fakeState(), key: 'panel' }),
    );
    const { problems, log } = parts;
    panel = parts.own(new Panel(source, { extension: vscode.Uri.file('/extension'), problems, log }));
    page = fakePanel();
    await panel.deserializeWebviewPanel(page.panel);
  });

  const shown = () => {
    const last = page.sent.findLast((message) => message.type === 'show')!;
    return { number: last.number, content: v.parse(v.nullable(attentionPanel.content), last.content) };
  };

  async function ask(id: number, name: string, params: unknown) {
    page.receive({ type: 'ask', id, name, params });
    const isMine = (message: ToPage) =>
      (message.type === 'answer' || message.type === 'failed') && message.id === id;
    await until(() => page.sent.some(isMine));
    return page.sent.find(isMine) as Extract<ToPage, { type: 'answer' | 'failed' }>;
  }

  async function read() {
    const editor = await openText(text);
    source.look();
    await ask(1, 'thumbnails', { size: 64 });
    return editor;
  }

  test('shows nothing before a text was looked at, then the text that is looked at, and what the engine answers', async () => {
    page.receive({ type: 'ready' });
    assert.equal(shown().content, null);
    const refused = await ask(9, 'thumbnails', { size: 64 });
    assert.equal(refused.type, 'failed');
    await openText(text);
    page.receive({ type: 'order', content: shown().number, order: { type: 'readAgain' } });
    const { content } = shown();
    assert.deepEqual([content?.isCurrent, content?.reading], [true, 1]);
    for (const [id, name, params] of [
      [1, 'thumbnails', { size: 64 }],
      [2, 'map', { view: 'layer', layer: 1, head: 0, withoutFirst: true, gradient: false }],
      [3, 'patterns', {}],
      [4, 'prediction', { without: [{ layer: 1, head: 1 }] }],
    ] as const) {
      const message = await ask(id, name, params);
      assert.ok(message.type === 'answer', `${name}: ${JSON.stringify(message)}`);
      v.parse(attentionPanel.questions[name].answer, message.answer);
    }
    const { modelDir, bos, ...asked } = parts.engine.mapped.at(-1)!;
    assert.deepEqual(asked, {
      text,
      view: { kind: 'layer', layer: 1 },
      withoutFirst: true,
      size: null,
      gradient: null,
    });
    assert.deepEqual(
      parts.engine.distributed.map(({ without }) => without),
      [[], [{ layer: 1, head: 1 }]],
    );
  });

  test('asks for attention × gradient of the contrast after the text', async () => {
    await read();
    await ask(2, 'map', { view: 'max', layer: 0, head: 0, withoutFirst: false, gradient: true });
    assert.deepEqual(parts.engine.mapped.at(-1)!.gradient, {
      at: { kind: 'end' },
      target: { kind: 'top' },
      foil: { kind: 'competitor' },
    });
  });

  test('measures the heads of a model once', async () => {
    await read();
    for (const id of [2, 3]) await ask(id, 'patterns', {});
    assert.equal(parts.engine.measured.length, 1);
    // The engine makes the copies shorter where two of them would not fit.
    assert.equal(parts.engine.measured[0]!.length, 50);
  });

  test('gives an upper bound for the target when it is no longer listed', async () => {
    await read();
    parts.engine.probabilities = (without) =>
      without.length > 0 ? { 5: 0.5, 6: 0.25 } : { 4: 0.5, 5: 0.25 };
    const { answer } = (await ask(2, 'prediction', { without: [{ layer: 0, head: 0 }] })) as {
      answer: { target: unknown };
    };
    assert.deepEqual(answer.target, { id: 4, text: ' t4', before: 0.5, after: 0.25, isBound: true });
  });

  test('points both ways', async () => {
    const editor = await read();
    page.receive({ type: 'point', content: shown().number, token: 1 });
    const place = pointed.findLast((one) => one !== null)!;
    assert.equal(place.document, editor.document);
    assert.equal(editor.document.getText(place.range()!), ' river');
    const inside = editor.document.positionAt(text.indexOf('near') + 1);
    editor.selection = new vscode.Selection(inside, inside);
    const last = () => page.sent.findLast((message) => message.type === 'pointed');
    await until(() => last() !== undefined);
    assert.equal(last()!.token, 3);
  });

  test('stays with what was read when the text is edited, and reads again when it is told to', async () => {
    const editor = await read();
    const before = shown();
    await replace(editor, 4, 9, 'brook');
    await until(() => shown().content?.isCurrent === false);
    assert.equal(shown().content?.reading, before.content?.reading);
    await ask(2, 'map', { view: 'mean', layer: 0, head: 0, withoutFirst: false, gradient: false });
    assert.equal(parts.engine.mapped.at(-1)!.text, text);
    // An order about what was shown before is passed over.
    page.receive({ type: 'order', content: before.number, order: { type: 'readAgain' } });
    assert.equal(shown().content?.isCurrent, false);
    page.receive({ type: 'order', content: shown().number, order: { type: 'readAgain' } });
    const { content } = shown();
    assert.deepEqual([content?.isCurrent, content?.reading], [true, 2]);
    await ask(3, 'map', { view: 'mean', layer: 0, head: 0, withoutFirst: false, gradient: false });
    assert.equal(parts.engine.mapped.at(-1)!.text, text.replace('river', 'brook'));
  });

  test('ignores what is not one of its questions', async () => {
    await read();
    const asked = () => parts.engine.mapped.length + parts.engine.distributed.length;
    const before = asked();
    for (const [id, name, params] of [
      [2, 'map', { view: 'head', layer: -1, head: 0, withoutFirst: false, gradient: false }],
      [3, 'map', { view: '__proto__', layer: 0, head: 0, withoutFirst: false, gradient: false }],
      [4, 'toString', {}],
      [5, 'prediction', { without: [{ layer: 0 }] }],
      [6, 'thumbnails', { size: 1e9 }],
    ] as const) {
      assert.equal((await ask(id, name, params)).type, 'failed');
    }
    assert.equal(asked(), before);
  });
});
