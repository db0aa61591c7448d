/** The structure panel inside the extension host: what it shows, asks the engine, and has done elsewhere. */
import assert from 'node:assert/strict';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Painter, Pointed } from '../../src/host/paint/painter.ts';
import { Panel } from '../../src/host/panel/panel.ts';
import { ReadText } from '../../src/host/panel/readText.ts';
import { StructureSource } from '../../src/host/panel/structure/source.ts';
import { toPage } from '../../src/protocol/panels/page.ts';
import { structurePanel } from '../../src/protocol/panels/structure.ts';
import { explanationOf, importanceOf, structureOf } from './fakeEngine.ts';
import { fakePanel } from './fakePanel.ts';
import { explainSelected, fakeState, openText, replace, settle, useParts, withSettings } from './parts.ts';

interface Message {
  type: string;
  id?: number;
  content?: unknown;
  answer?: unknown;
  message?: string;
}

describe('Structure panel', () => {
  const parts = useParts();
  let pointed: (Pointed | null)[];
  let source: StructureSource;
  let panel: Panel<typeof structurePanel>;
  let sent: Message[];
  let receive: (message: unknown) => void;

  beforeEach(async () => {
    pointed = [];
    const painter = { point: (place: Pointed | null) => pointed.push(place) } as unknown as Painter;
    const { engine, settings, texts, problems, log } = parts;
    source = new StructureSource(
      { engine, settings, texts },
      new ReadText(settings, texts, painter, { state: fakeState(), key: 'panel' }),
    );
    panel = parts.own(new Panel(source, { extension: vscode.Uri.file('/extension'), problems, log }));
    const fake = fakePanel();
    await panel.deserializeWebviewPanel(fake.panel);
    sent = fake.sent as Message[];
    receive = fake.receive;
  });

  /** What the page shows last, by the panel's own protocol. */
  function content() {
    const last = sent.findLast(({ type }) => type === 'show');
    return v.parse(structurePanel.content, last!.content);
  }
  const answers = (id: number) => sent.filter((message) => message.id === id);
  const ask = (id: number, name: string, params: object) => receive({ type: 'ask', id, name, params });
  const order = (wanted: object) => {
    const number = (sent.findLast(({ type }) => type === 'show') as unknown as { number: number }).number;
    receive({ type: 'order', content: number, order: wanted });
  };

  async function explain(text: string, selected: string) {
    const editor = await openText(text);
    await explainSelected(parts, editor, selected);
    return editor;
  }

  test('says what the protocol allows: the model, before any text was looked at', async () => {
    receive({ type: 'ready' });
    for (const message of sent) v.parse(toPage, message);
    assert.deepEqual(content(), { model: '/bundled', text: null });
    ask(1, 'measure', { key: 'no such text' });
    await settle();
    assert.deepEqual(
      answers(1).map(({ type }) => type),
      ['failed'],
    );
    assert.equal(parts.engine.weighed.length, 0);
  });

  test('reads the weights once for a page that is hidden and shown again, and anew when it is opened', async () => {
    receive({ type: 'ready' });
    ask(1, 'structure', {});
    await settle();
    const [request] = parts.engine.structures;
    assert.deepEqual(request!.params, { modelDir: '/bundled' });
    request!.options.onProgress?.({ stage: 'reading', done: 1, total: 4 });
    request!.resolve(structureOf(request!.params));
    await settle();
    const [partial, answer] = answers(1);
    assert.deepEqual(partial!.answer, { done: 1, total: 4, structure: null });
    const { answer: schema } = structurePanel.questions.structure;
    assert.equal(v.parse(schema, answer!.answer).structure!.info.name, 'fake');

    sent.length = 0;
    receive({ type: 'ready' });
    ask(1, 'structure', {});
    await settle();
    assert.equal(answers(1).at(-1)!.type, 'answer');
    assert.equal(parts.engine.structures.length, 1);

    await openText('a text');
    panel.open();
    ask(2, 'structure', {});
    await settle();
    assert.equal(parts.engine.structures.length, 2);
  });

  test('measures on the prediction that was explained, and else on what comes after the paragraph', async () => {
    const editor = await explain('The capital of France is\n\nAnother one', 'The capital of France is');
    source.look();
    receive({ type: 'ready' });
    const { text } = content();
    assert.deepEqual(text!.explained!.target, { text: ' Paris', probability: 0.41 });
    assert.equal(text!.tail, 'The capital of France is');
    ask(1, 'measure', { key: text!.key });
    await settle();
    const { params } = parts.engine.weighed.at(-1)!;
    assert.deepEqual(params.at, { kind: 'end' });
    assert.deepEqual(
      [params.target, params.foil],
      [
        { kind: 'id', id: 7 },
        { kind: 'id', id: 8 },
      ],
    );
    assert.equal(params.text, 'The capital of France is');

    parts.texts.clear(editor.document);
    editor.selection = new vscode.Selection(2, 3, 2, 3);
    order({ kind: 'look' });
    await settle();
    const next = content().text!;
    assert.notEqual(next.key, text!.key);
    assert.equal(next.explained, null);
    ask(2, 'measure', { key: next.key });
    await settle();
    const other = parts.engine.weighed.at(-1)!.params;
    assert.ok(other.text.endsWith('Another one'));
    assert.deepEqual([other.target, other.foil], [{ kind: 'top' }, { kind: 'competitor' }]);
  });

  test('reports results as they come, stops when nobody waits, and keeps complete results', async () => {
    await openText('The capital of France is');
    source.look();
    receive({ type: 'ready' });
    const { key } = content().text!;
    ask(1, 'measure', { key });
    await settle();
    const request = parts.engine.weighed.at(-1)!;
    request.options.onProgress?.({ stage: 'reading', done: 2, total: 5 });
    request.options.onProgress?.({ stage: 'explaining', done: 1, total: 2, partial: importanceOf(0.5) });
    const [reading, partial] = answers(1).map(({ answer }) =>
      v.parse(structurePanel.questions.measure.answer, answer),
    );
    assert.deepEqual([reading!.total, reading!.importance], [null, null]);
    assert.deepEqual([partial!.done, partial!.total, partial!.importance!.ofHeads[0]], [1, 2, 0.5]);
    receive({ type: 'drop', id: 1 });
    await settle();
    assert.equal(request.options.cancellation!.isCancellationRequested, true);
    assert.deepEqual(answers(1).at(-1), { type: 'failed', id: 1, message: '' });

    ask(2, 'measure', { key });
    await settle();
    parts.engine.weighed.at(-1)!.resolve(importanceOf(0.25));
    await settle();
    assert.equal(parts.engine.weighed.length, 2);
    receive({ type: 'ready' });
    ask(1, 'measure', { key });
    await settle();
    assert.equal(parts.engine.weighed.length, 2);
    assert.equal(answers(1).at(-1)!.type, 'answer');
  });

  test('answers for an earlier page are not given to the page that replaced it', async () => {
    await openText('The capital of France is');
    source.look();
    receive({ type: 'ready' });
    ask(1, 'measure', { key: content().text!.key });
    await settle();
    const first = parts.engine.weighed.at(-1)!;
    receive({ type: 'ready' });
    assert.equal(first.options.cancellation!.isCancellationRequested, true);
    ask(1, 'structure', {});
    await settle();
    first.options.onProgress?.({ stage: 'explaining', done: 1, total: 2, partial: importanceOf(1) });
    await settle();
    assert.deepEqual(answers(1), []);
    const { params, resolve } = parts.engine.structures.at(-1)!;
    resolve(structureOf(params));
    await settle();
    assert.deepEqual(
      answers(1).map(({ type }) => type),
      ['answer'],
    );
  });

  test('says when the text was edited, and points at the explained token until then', async () => {
    const editor = await openText('The capital of France is Paris');
    const run = parts.explainer.explainToken({ document: editor.document, offset: 27 });
    await settle();
    const request = parts.engine.explained.at(-1)!;
    request.resolve(explanationOf(request.params));
    await run;
    source.look();
    receive({ type: 'ready' });
    assert.equal(content().text!.explained!.target.text, ' Paris');
    source.point(0);
    const place = pointed.at(-1)!;
    assert.equal(editor.document.getText(place.range()!), ' Paris');
    await replace(editor, 0, 3, 'A');
    await settle();
    assert.equal(content().text!.isCurrent, false);
    assert.equal(place.range(), null);
  });

  test('another model leaves the text, but not what was explained of it nor what was measured', async () => {
    await explain('The capital of France is', 'The capital of France is');
    source.look();
    receive({ type: 'ready' });
    const before = content();
    await withSettings({ 'model.path': '/another' }, async () => {
      await settle();
      const after = content();
      assert.equal(after.model, '/another');
      assert.notEqual(after.text!.key, before.text!.key);
      assert.equal(after.text!.explained, null);
      ask(1, 'measure', { key: after.text!.key });
      await settle();
      assert.equal(parts.engine.weighed.at(-1)!.params.modelDir, '/another');
    });
  });

  test('opens the attention of a head, and ignores what is not an order', async () => {
    const asked: unknown[] = [];
    const real = vscode.commands.executeCommand;
    const commands = vscode.commands as { executeCommand: unknown };
    commands.executeCommand = async (...all: unknown[]) => asked.push(all);
    try {
      receive({ type: 'ready' });
      order({ kind: 'open-head', layer: 2, head: 3 });
      order({ kind: 'open-head', layer: -1, head: 0 });
      order({ kind: 'run', command: 'workbench.action.quit' });
    } finally {
      commands.executeCommand = real;
    }
    assert.deepEqual(asked, [['whytoken.openAttention', { layer: 2, head: 3 }]]);
  });
});
