import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Painter, Pointed } from '../../src/host/paint/painter.ts';
import { Panel } from '../../src/host/panel/panel.ts';
import { ProbabilitiesSource } from '../../src/host/panel/probabilities/source.ts';
import { ReadText } from '../../src/host/panel/readText.ts';
import type { ToPage } from '../../src/protocol/panels/page.ts';
import type { ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { explanationOf, generationOf, lensOf } from './fakeEngine.ts';
import { fakePanel } from './fakePanel.ts';
import { fakeState, openText, select, settle, until, useParts, withSettings } from './parts.ts';
import { accept, Suggestions } from './suggestions.ts';

const text = 'one two three four\nfive six';

describe('Probabilities panel', () => {
  const parts = useParts();
  let pointed: (Pointed | null)[];
  let panel: Panel<ProbabilitiesPanel>;
  let source: ProbabilitiesSource;
  let sent: ToPage[];
  let receive: (message: unknown) => void;

  beforeEach(async () => {
    pointed = [];
    const painter = { point: (place: Pointed | null) => pointed.push(place) } as unknown as Painter;
    source = new ProbabilitiesSource(
      parts,
      new ReadText(parts.settings, parts.texts, painter, { state: fakeState(), key: 'panel' }),
    );
    panel = parts.own(new Panel(source, { ...parts, extension: vscode.Uri.file('/extension') }));
    const fake = fakePanel();
    await panel.deserializeWebviewPanel(fake.panel);
    sent = fake.sent;
    receive = fake.receive;
  });

  const shown = () => sent.filter((message) => message.type === 'show').at(-1)!;
  const content = () => shown().content as { reading: number; isCurrent: boolean; sampling: object };

  let asked = 0;
  const ask = (name: string, params: unknown) => {
    asked += 1;
    receive({ type: 'ask', id: asked, name, params });
    return asked;
  };
  async function answerTo<A>(id: number): Promise<A> {
    const find = () =>
      sent.find(({ type, ...message }) => type !== 'partial' && 'id' in message && message.id === id);
    await until(() => find() !== undefined);
    const message = find()!;
    assert.equal(message.type, 'answer', JSON.stringify(message));
    return (message as unknown as { answer: A }).answer;
  }
  const order = (what: object) => receive({ type: 'order', content: shown().number, order: what });

  /** Opens a text, and the panel on a part of it; its strip is read. */
  async function open(selected: string) {
    const editor = await openText(text);
    select(editor, selected);
    panel.open();
    const strip = await answerTo<{ tokens: { text: string; rank: number }[] }>(ask('strip', {}));
    return { editor, strip };
  }
  const sampling = { temperature: 1, topK: 0, topP: 1 };

  test('shows nothing until a text is looked at, then what is selected with the document’s settings', async () => {
    receive({ type: 'ready' });
    assert.equal(shown().content, null);
    await withSettings({ 'generation.temperature': 0.25, 'generation.topK': 7 }, async () => {
      const { strip } = await open('three four');
      assert.deepEqual(
        strip.tokens.map((token) => token.text),
        [' three', ' four'],
      );
      const { temperature, topK } = content().sampling as typeof sampling;
      assert.deepEqual([temperature, topK], [0.25, 7]);
    });
    const { text: read, range } = parts.engine.scored.at(-1)!;
    assert.deepEqual([read, range], ['one two three four', { start: 8, end: 18 }]);
  });

  test('is read again when another model is set', async () => {
    await open('three four');
    const before = content().reading;
    await withSettings({ 'model.path': '/another' }, async () => {
      await until(() => content().reading !== before);
      await answerTo(ask('strip', {}));
      assert.equal(parts.engine.scored.at(-1)!.modelDir, '/another');
    });
  });

  test('gives the distribution of a token of the strip by its position in the whole text', async () => {
    await open('three four');
    const params = { at: 1, top: 2, ...sampling, topK: 5 };
    const answer = await answerTo<{
      candidates: { id: number; rank: number; isActual: boolean }[];
      tail: { count: number; probability: number };
      vocabulary: number;
    }>(ask('distribution', params));
    const asked = parts.engine.distributed.at(-1)!;
    assert.deepEqual([asked.at, asked.topK, asked.top], [{ kind: 'token', index: 3 }, 5, 2]);
    assert.deepEqual(
      answer.candidates.map(({ id, rank, isActual }) => [id, rank, isActual]),
      [
        [50, 1, false],
        [51, 2, false],
        [3, 3, true],
      ],
    );
    // The one that is told by itself is no part of the rest.
    assert.deepEqual(answer.tail, { count: 97, probability: 0.125, drawn: 0.125 });
    assert.equal(answer.vocabulary, 100);
    await answerTo(ask('distribution', { ...params, at: null }));
    assert.deepEqual(parts.engine.distributed.at(-1)!.at, { kind: 'end' });
  });

  test('looks through the lens for a picture and a column at once, and neither supersedes the other', async () => {
    await open('three four');
    const grid = ask('lens', { block: 0, follow: null });
    const column = ask('follow', { at: 1, token: { kind: 'id', id: 7 } });
    await until(() => parts.engine.looked.length === 2);
    const [first, second] = parts.engine.looked;
    assert.notEqual(first!.options.lane, second!.options.lane);
    // What stands in front of the strip predicts its first token.
    assert.deepEqual(first!.params.range, { start: 6, end: 18 });
    assert.deepEqual(second!.params.range, { start: 7, end: 13 });
    first!.options.onProgress!({ stage: 'reading', done: 3, total: 12 });
    const part = { type: 'partial', id: grid, answer: { done: 3, total: 12, lens: null } };
    assert.deepEqual(sent.at(-1), part);
    // The newer question may be answered first.
    second!.resolve(lensOf(second!.params));
    const line = await answerTo<{ ranks: Int32Array }>(column);
    assert.deepEqual([...line.ranks], [1, 11, 21]);
    first!.resolve(lensOf(first!.params));
    const { lens } = await answerTo<{ lens: { first: number; columns: string[] } }>(grid);
    assert.deepEqual([lens.first, lens.columns], [-1, [' two', ' three', ' four']]);
    // What is dropped ends nothing but itself.
    const dropped = ask('lens', { block: 0, follow: null });
    const kept = ask('follow', { at: null, token: { kind: 'text', text: ' seven' } });
    await until(() => parts.engine.looked.length === 4);
    const [third, fourth] = parts.engine.looked.slice(2);
    receive({ type: 'drop', id: dropped });
    assert.equal(third!.options.cancellation!.isCancellationRequested, true);
    assert.equal(fourth!.options.cancellation!.isCancellationRequested, false);
    fourth!.resolve(lensOf(fourth!.params));
    await answerTo(kept);
  });

  test('points both ways', async () => {
    const { editor } = await open('three four');
    receive({ type: 'point', content: shown().number, token: 1 });
    const place = pointed.at(-1);
    assert.equal(place?.document, editor.document);
    assert.equal(editor.document.getText(place.range()!), ' four');
    const at = editor.document.positionAt(text.indexOf('three') + 2);
    editor.selection = new vscode.Selection(at, at);
    const last = () => sent.filter((message) => message.type === 'pointed').at(-1);
    await until(() => last()?.token === 0);
  });

  test('offers what begins with an alternative where a token stands, and after the end', async () => {
    const suggestions = parts.own(new Suggestions());
    const { editor } = await open('one two');
    order({ kind: 'continue', at: 1, alternative: { id: 51, text: ' t51' } });
    await until(() => parts.engine.generated.length === 1);
    const request = parts.engine.generated[0]!;
    assert.deepEqual([request.params.text, request.params.first], ['one', 51]);
    request.resolve(generationOf(' t51 and more'));
    await suggestions.are(' t51 and more');
    assert.equal(editor.document.getText(), text);
    assert.equal(await accept('commit'), 'one t51 and more two three four\nfive six');
    await until(() => !content().isCurrent);
    // What was read stands there no more.
    parts.notes.length = 0;
    order({ kind: 'continue', at: 1, alternative: { id: 51, text: ' t51' } });
    await until(() => parts.notes.length > 0);
    assert.match(parts.notes[0]!, /was not continued from " t51"/);
    assert.equal(parts.engine.generated.length, 1);

    select(editor, 'five six');
    const before = content().reading;
    order({ kind: 'read' });
    assert.equal(content().isCurrent, true);
    assert.ok(content().reading > before);
    await answerTo(ask('strip', {}));
    order({ kind: 'continue', at: null, alternative: { id: 50, text: ' t50' } });
    await until(() => parts.engine.generated.length === 2);
    const end = parts.engine.generated[1]!;
    assert.equal(end.params.text, 'one t51 and more two three four\nfive six');
    end.resolve(generationOf(' t50'));
    await suggestions.are(' t50');
    assert.ok((await accept('commit')).endsWith('five six t50'));
  });

  test('replaces a token only once a person has seen the difference', async () => {
    const { showInformationMessage } = vscode.window;
    const { editor } = await open('one two');
    let seen = '';
    Object.assign(vscode.window, {
      showInformationMessage: async () => {
        seen = editor.document.getText();
        return 'Replace';
      },
    });
    try {
      order({ kind: 'replace', at: 1, alternative: { id: 51, text: ' t51' } });
      await until(() => parts.engine.generated.length === 1);
      parts.engine.generated[0]!.resolve(generationOf(' t51 and more'));
      await until(() => editor.document.getText() === 'one t51 and more\nfive six');
      assert.equal(seen, text);
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
  });

  test('asks why a token, and why not another', async () => {
    await open('two three');
    const asked = async (what: object) => {
      const count = parts.engine.explained.length;
      order(what);
      await until(() => parts.engine.explained.length > count);
      const request = parts.engine.explained.at(-1)!;
      request.resolve(explanationOf(request.params));
      await settle();
      return request.params;
    };
    const token = await asked({ kind: 'why', at: 1, foil: 51 });
    assert.deepEqual(
      [token.at, token.target, token.foil],
      [{ kind: 'offset', offset: 7 }, { kind: 'actual' }, { kind: 'id', id: 51 }],
    );
    const end = await asked({ kind: 'why', at: null, foil: 51 });
    assert.deepEqual(
      [end.at, end.target, end.foil],
      [{ kind: 'end' }, { kind: 'top' }, { kind: 'id', id: 51 }],
    );
    assert.deepEqual([end.text, end.range], ['one two three', { start: 4, end: 13 }]);
  });

  test('ignores questions and orders of any other shape', async () => {
    await open('one two');
    const before = [parts.engine.distributed.length, parts.engine.generated.length, parts.notes.length];
    for (const params of [null, {}, { at: -1, top: 2, ...sampling }, { at: 0, top: 1000, ...sampling }]) {
      const id = ask('distribution', params);
      await settle();
      assert.ok(sent.some((message) => message.type === 'failed' && message.id === id));
    }
    for (const what of [
      { kind: 'continue', at: '1', alternative: { id: 1, text: '' } },
      { kind: 'replace', at: '1', alternative: { id: 1, text: '' } },
      { kind: 'run', command: 'quit' },
      { kind: 'why', at: 0 },
    ]) {
      order(what);
    }
    await settle(20);
    assert.deepEqual(
      [parts.engine.distributed.length, parts.engine.generated.length, parts.notes.length],
      before,
    );
    assert.equal(parts.engine.explained.length, 0);
  });
});
