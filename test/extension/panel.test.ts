import assert from 'node:assert/strict';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Painter, Pointed } from '../../src/host/paint/painter.ts';
import { AttributionSource } from '../../src/host/panel/attribution/source.ts';
import { Panel } from '../../src/host/panel/panel.ts';
import { type AttributionPanel, attributionPanel } from '../../src/protocol/panels/attribution.ts';
import { toPage } from '../../src/protocol/panels/page.ts';
import { explanationOf } from './fakeEngine.ts';
import { fakePanel } from './fakePanel.ts';
import {
  explainSelected,
  fakeState,
  makeParts,
  openText,
  type Parts,
  replace,
  select,
  settle,
  until,
  useParts,
} from './parts.ts';

function numberShown(sent: readonly unknown[]): number {
  const shown = sent.map((message) => v.parse(toPage, message)).findLast(({ type }) => type === 'show');
  return shown?.type === 'show' ? shown.number : -1;
}

describe('Explanation panel', () => {
  const parts = useParts();
  let pointed: (Pointed | null)[];
  let state: vscode.Memento;
  let panel: Panel<AttributionPanel>;
  beforeEach(() => {
    pointed = [];
    state = fakeState();
    const { problems, log } = parts;
    panel = parts.own(
      new Panel(sourceOf(parts), { extension: vscode.Uri.file('/extension'), problems, log }),
    );
  });

  function sourceOf(all: Parts): AttributionSource {
    const painter = { point: (place: Pointed | null) => pointed.push(place) };
    return new AttributionSource({ ...all, painter: painter as unknown as Painter, state });
  }

  async function explain(content: string, selected: string) {
    const editor = await openText(content);
    await explainSelected(parts, editor, selected);
    return parts.texts.of(editor.document)!;
  }

  test('allows one script, by its nonce, one style sheet, and nothing else', async () => {
    const { panel: fake, webview } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(webview.html)![1]!;
    const nonce = /script-src 'nonce-([\w-]{16,})'/.exec(policy)![1]!;
    assert.equal(
      policy,
      `default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-${nonce}'; style-src https://webview.test`,
    );
    assert.equal(webview.html.match(/<script/g)?.length, 1);
    assert.ok(webview.html.includes(`<script nonce="${nonce}"`));
    const second = fakePanel();
    await panel.deserializeWebviewPanel(second.panel);
    assert.ok(!second.webview.html.includes(nonce));
  });

  test('answers ready, follows the explanation, and sends only what the protocol allows', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    receive({ type: 'ready' });
    await explain('The capital of France is', 'France is');
    parts.overlayCommands.clear();
    const shown = sent.map((message) => v.parse(toPage, message)).filter(({ type }) => type === 'show');
    const contents = shown.map((message) =>
      v.parse(v.nullable(attributionPanel.content), 'content' in message ? message.content : undefined),
    );
    assert.deepEqual(
      contents.map((content) => content?.tokens.length ?? null),
      [null, 2, null],
    );
    const content = contents[1]!;
    assert.equal(content.title, 'Why " Paris" (41%) and not " the" (12%)?');
    assert.deepEqual(
      content.tokens.map(({ text, score }) => [text, score]),
      [
        ['France', 1],
        [' is', -0.5],
      ],
    );
    assert.deepEqual(
      content.groups.word.map(({ tokens }) => tokens),
      [[0], [1]],
    );
    assert.deepEqual(
      content.totals.slice(0, 2).map((fact) => fact.value),
      ['+0.500', '+0.500'],
    );
  });

  test('a token of the text is removed where it is explained, and nowhere else', async () => {
    const source = sourceOf(parts);
    const { document } = await explain('The capital of France is', 'France is');
    let changes = 0;
    parts.own(source.onDidChange(() => changes++));
    assert.equal(source.content()?.removing, null);
    assert.equal(source.remove(document, 4), false);
    assert.equal(changes, 0);
    assert.equal(source.remove(document, 16), true);
    assert.equal(changes, 1);
    const { token, asked } = source.content()!.removing!;
    assert.equal(token, 0);
    source.remove(document, 22);
    assert.equal(source.content()!.removing!.token, 1);
    assert.ok(source.content()!.removing!.asked >= asked);
    await explain('Another text is here', 'text is');
    assert.equal(source.content()?.removing, null);
    source.dispose();
  });

  test('points only at tokens of what is shown, and reports where the cursor is', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    receive({ type: 'ready' });
    const explained = await explain('The capital of France is', 'France is');
    const number = numberShown(sent);
    receive({ type: 'point', content: number, token: 1 });
    receive({ type: 'point', content: number - 1, token: 0 });
    const [place, ...others] = pointed.filter((one) => one !== null);
    assert.deepEqual(others, []);
    assert.equal(place?.document, explained.document);
    assert.deepEqual(place.range(), explained.rangeOf(explained.tokens[1]!));
    select(vscode.window.activeTextEditor!, 'The capital of Fr');
    // What is shown may be shown anew meanwhile, under another number: once more of the syntax is known.
    const told = () => {
      const at = sent.findLastIndex((message) => v.parse(toPage, message).type === 'pointed');
      if (at < 0) return -1;
      const message = v.parse(toPage, sent[at]);
      return message.type === 'pointed' && message.content === numberShown(sent.slice(0, at))
        ? message.token
        : -1;
    };
    await until(() => told() === 0);
    select(vscode.window.activeTextEditor!, 'The');
    await until(() => told() === null);
  });

  test('asks for syntax nodes when the page wants them, and not before', async () => {
    const asked: (readonly vscode.Position[])[] = [];
    const registration = vscode.languages.registerSelectionRangeProvider('*', {
      provideSelectionRanges(document, positions) {
        asked.push(positions);
        const whole = new vscode.Range(document.positionAt(15), document.positionAt(24));
        return positions.map(() => new vscode.SelectionRange(whole));
      },
    });
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    receive({ type: 'ready' });
    await explain('The capital of France is', 'France is');
    const groups = () => {
      const last = sent.map((message) => v.parse(toPage, message)).findLast(({ type }) => type === 'show');
      return last?.type === 'show' ? v.parse(attributionPanel.content, last.content).groups : null;
    };
    await settle(300);
    assert.deepEqual([groups()?.syntax, asked.length], [null, 0]);
    receive({ type: 'order', content: numberShown(sent), order: { kind: 'syntax' } });
    await until(() => groups()?.syntax?.length === 1);
    assert.ok(asked.length > 0);
    assert.equal(groups()!.word.length, 2);
    registration.dispose();
  });

  test('asks again by another method, about another objective, and against nothing', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    receive({ type: 'ready' });
    await explain('The capital of France is', 'France is');
    const ask = async (order: object) => {
      const before = parts.engine.explained.length;
      receive({ type: 'order', content: numberShown(sent), order });
      await until(() => parts.engine.explained.length > before);
      const request = parts.engine.explained.at(-1)!;
      request.resolve(explanationOf(request.params));
      await settle(20);
      const { method, objective, foil } = request.params;
      return [method, objective, foil.kind];
    };
    const names = ['method', 'objective'] as const;
    try {
      assert.deepEqual(await ask({ kind: 'method', method: 'occlusion' }), [
        'occlusion',
        'contrast',
        'competitor',
      ]);
      assert.equal(parts.settings.get('method', undefined), 'occlusion');
      assert.deepEqual(await ask({ kind: 'foil', next: null }), ['occlusion', 'log-prob', 'none']);
      // A method of another kind keeps the foil, or that there is none.
      assert.deepEqual(await ask({ kind: 'method', method: 'direct-logit' }), [
        'direct-logit',
        'logit',
        'none',
      ]);
      // What was asked before is known.
      receive({ type: 'order', content: numberShown(sent), order: { kind: 'method', method: 'occlusion' } });
      await until(() => parts.texts.current?.params.method === 'occlusion');
      assert.deepEqual(await ask({ kind: 'objective', objective: 'probability' }), [
        'occlusion',
        'probability',
        'none',
      ]);
      // It can only explain logits.
      assert.deepEqual(await ask({ kind: 'method', method: 'direct-logit' }), [
        'direct-logit',
        'contrast',
        'competitor',
      ]);
    } finally {
      for (const name of names)
        await vscode.workspace
          .getConfiguration('whytoken')
          .update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('asks the engine for a second method and for the receipt again', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    receive({ type: 'ready' });
    await explain('The capital of France is', 'France is');
    const asked = parts.engine.explained.length;
    const first = parts.engine.explained.at(-1)!.params;
    receive({ type: 'ask', id: 7, name: 'compare', params: { method: 'occlusion' } });
    await settle();
    const request = parts.engine.explained[asked]!;
    assert.equal(request.params.method, 'occlusion');
    assert.equal(request.options.lane, 'panel.explanation.compare');
    assert.equal(request.params.text, first.text);
    assert.deepEqual(request.params.target, { kind: 'id', id: 7 });
    assert.deepEqual(request.params.foil, { kind: 'id', id: 8 });
    request.resolve(explanationOf(request.params));
    const last = (type: string) =>
      sent.map((message) => v.parse(toPage, message)).findLast((message) => message.type === type);
    await until(() => last('answer') !== undefined);
    const answer = last('answer');
    assert.ok(answer?.type === 'answer' && answer.id === 7);
    const { scores, correlation } = v.parse(attributionPanel.questions.compare.answer, answer.answer);
    assert.deepEqual([scores, correlation], [[1, -0.5], 1]);

    receive({ type: 'ask', id: 8, name: 'repeat', params: {} });
    receive({ type: 'drop', id: 8 });
    await until(() => last('failed') !== undefined);
    assert.deepEqual(last('failed'), { type: 'failed', id: 8, message: '' });
  });

  test('asks why a token stands there, and why not an alternative', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    receive({ type: 'ready' });
    await explain('The capital of France is', 'France is');
    const number = numberShown(sent);
    receive({ type: 'order', content: number, order: { kind: 'target', token: 0 } });
    await settle();
    const { params } = parts.engine.explained.at(-1)!;
    assert.deepEqual(params.target, { kind: 'actual' });
    assert.deepEqual(params.at, { kind: 'offset', offset: 'The capital of '.length });
  });

  test('asks again after a reload what was explained, where the text is still there', async () => {
    const explained = await explain('One two three. The capital of France is', 'The capital of France is');
    const usual = explained.params.foil;
    const run = parts.explainer.whyNot(explained, { kind: 'text', text: ' Rome' });
    await settle();
    const asked = parts.engine.explained.at(-1)!;
    assert.deepEqual(asked.params.foil, { kind: 'text', text: ' Rome' });
    asked.resolve(explanationOf(asked.params));
    await run;
    // What stands in front moves it, and its context is another one.
    await replace(vscode.window.activeTextEditor!, 0, 3, 'Seven');
    await until(() => JSON.stringify(state.get('panel.explanation'))?.includes('"start":17') ?? false);
    const reloaded = async () => {
      const all = makeParts();
      const source = sourceOf(all);
      await source.restore();
      await settle();
      source.dispose();
      all.dispose();
      return all.engine.explained.map(({ params }) => params);
    };
    const [again, ...more] = await reloaded();
    assert.equal(more.length, 0);
    const { text, range, foil, at } = again!;
    // What was typed is not written to the disk, so it is asked against the usual foil.
    assert.doesNotMatch(JSON.stringify(state.get('panel.explanation')), /Rome|capital/);
    assert.deepEqual([foil, at], [usual, asked.params.at]);
    assert.equal(text.slice(range.start, range.end), 'The capital of France is');
    const memory = state.get('panel.explanation');
    await replace(vscode.window.activeTextEditor!, 21, 28, 'harbour');
    await until(() => state.get('panel.explanation') === undefined);
    await state.update('panel.explanation', memory);
    assert.deepEqual(await reloaded(), []);
  });

  test('ignores messages of any other shape', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    await explain('The capital of France is', 'France is');
    const before = sent.length;
    const id = numberShown(sent);
    for (const message of [
      null,
      'ready',
      { type: 'quit' },
      { type: 'command', command: 'workbench.action.quit' },
      { type: 'point', content: id, token: -1 },
      { type: 'point', content: id, token: '__proto__' },
      { type: 'point', content: String(id), token: 0 },
      { type: 'order', content: id, order: { kind: 'quit' } },
      { type: 'order', content: id - 1, order: { kind: 'target', token: 0 } },
      { type: 'save', extension: 'exe', data: '' },
    ]) {
      receive(message);
    }
    assert.equal(sent.length, before);
    assert.deepEqual(pointed.filter(Boolean), []);
    assert.equal(parts.engine.explained.length, 1);
  });
});
