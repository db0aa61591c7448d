import assert from 'node:assert/strict';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { ExplainedText } from '../../src/host/explain/explainedText.ts';
import type { Painter } from '../../src/host/paint/painter.ts';
import { ExplanationPanel } from '../../src/host/panel/explanationPanel.ts';
import { toPanel } from '../../src/protocol/panel.ts';
import { explanationOf } from './fakeEngine.ts';
import { closeAll, makeParts, openText, type Parts, select, settle } from './parts.ts';

/** A panel whose webview is not drawn: what is sent is kept, what it would send is said by the test. */
function fakePanel() {
  const messages = new vscode.EventEmitter<unknown>();
  const sent: unknown[] = [];
  const webview = {
    html: '',
    options: {},
    cspSource: 'https://webview.test',
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: messages.event,
    postMessage: async (message: unknown) => sent.push(message),
  };
  const panel = { webview, onDidDispose: new vscode.EventEmitter<void>().event, reveal() {}, dispose() {} };
  return {
    panel: panel as unknown as vscode.WebviewPanel,
    webview,
    sent,
    receive: (m: unknown) => messages.fire(m),
  };
}

describe('Explanation panel', () => {
  let parts: Parts;
  let pointed: [ExplainedText, number | null][];
  let panel: ExplanationPanel;
  const log = vscode.window.createOutputChannel('Whytoken panel test', { log: true });
  beforeEach(() => {
    parts = makeParts();
    pointed = [];
    const painter = { point: (...args: [ExplainedText, number | null]) => pointed.push(args) };
    panel = new ExplanationPanel(
      vscode.Uri.file('/extension'),
      parts.texts,
      painter as unknown as Painter,
      log,
    );
  });
  afterEach(async () => {
    panel.dispose();
    parts.dispose();
    await closeAll();
  });

  async function explain(content: string, selected: string) {
    const editor = await openText(content);
    select(editor, selected);
    const run = parts.explainer.explainSelection();
    await settle();
    const request = parts.engine.explained.at(-1)!;
    request.resolve(explanationOf(request.params));
    await run;
    return parts.texts.of(editor.document)!;
  }

  it('allows one script, by its nonce, one style sheet, and nothing else', async () => {
    const { panel: fake, webview } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(webview.html)![1]!;
    const nonce = /script-src 'nonce-([\w-]{16,})'/.exec(policy)![1]!;
    assert.equal(policy, `default-src 'none'; script-src 'nonce-${nonce}'; style-src https://webview.test`);
    assert.equal(webview.html.match(/<script/g)?.length, 1);
    assert.ok(webview.html.includes(`<script nonce="${nonce}"`));
    const second = fakePanel();
    await panel.deserializeWebviewPanel(second.panel);
    assert.ok(!second.webview.html.includes(nonce));
  });

  it('answers ready, follows the explanation, and sends only what the protocol allows', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    receive({ type: 'ready' });
    await explain('The capital of France is', 'France is');
    parts.overlayCommands.clear();
    const messages = sent.map((message) => v.parse(toPanel, message));
    assert.deepEqual(
      messages.map(({ type, explanation }) => [type, explanation?.rows.length ?? null]),
      [
        ['start', null],
        ['show', 2],
        ['show', null],
      ],
    );
    const shown = messages[1]!.explanation!;
    assert.equal(shown.title, 'Why " Paris" (41%) and not " the" (12%)?');
    assert.deepEqual(
      shown.rows.map((row) => [row.text, row.scoreText, row.shareText]),
      [
        ['France', '+1.00', '67%'],
        [' is', '-0.500', '33%'],
      ],
    );
    assert.deepEqual(
      shown.totals.slice(0, 2).map((fact) => fact.value),
      ['+0.500', '+0.500'],
    );
  });

  it('points at the token of a row, of the explanation that is shown only', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    const explained = await explain('The capital of France is', 'France is');
    const { id } = v.parse(toPanel, sent.at(-1)).explanation!;
    receive({ type: 'point', explanation: id, row: 1 });
    receive({ type: 'point', explanation: id - 1, row: 0 });
    assert.deepEqual(pointed, [[explained, 1]]);
  });

  it('passes over messages of any other shape', async () => {
    const { panel: fake, sent, receive } = fakePanel();
    await panel.deserializeWebviewPanel(fake);
    await explain('The capital of France is', 'France is');
    const before = sent.length;
    const { id } = v.parse(toPanel, sent.at(-1)).explanation!;
    for (const message of [
      null,
      'ready',
      { type: 'quit' },
      { type: 'command', command: 'workbench.action.quit' },
      { type: 'point', explanation: id, row: -1 },
      { type: 'point', explanation: id, row: '__proto__' },
      { type: 'point', explanation: String(id), row: 0 },
    ]) {
      receive(message);
    }
    assert.equal(sent.length, before);
    assert.deepEqual(pointed, []);
  });
});
