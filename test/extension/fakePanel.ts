import * as v from 'valibot';
import * as vscode from 'vscode';
import { type ToPage, toPage } from '../../src/protocol/panels/page.ts';

/** A panel whose webview is not drawn: what is sent is checked and kept, what its page would say is said by the test. */
export function fakePanel() {
  const messages = new vscode.EventEmitter<unknown>();
  const sent: ToPage[] = [];
  const webview = {
    html: '',
    options: {},
    cspSource: 'https://webview.test',
    asWebviewUri: (uri: vscode.Uri) => uri,
    onDidReceiveMessage: messages.event,
    postMessage: async (message: unknown) => sent.push(v.parse(toPage, message)),
  };
  const panel = { webview, onDidDispose: new vscode.EventEmitter<void>().event, reveal() {}, dispose() {} };
  return {
    panel: panel as unknown as vscode.WebviewPanel,
    webview,
    sent,
    receive: (message: unknown) => messages.fire(message),
  };
}
