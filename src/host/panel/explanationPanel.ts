import * as v from 'valibot';
import {
  type Disposable,
  type LogOutputChannel,
  l10n,
  Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
} from 'vscode';
import { type FromPanel, fromPanel, type ToPanel } from '../../protocol/panel.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { Painter } from '../paint/painter.ts';
import { panelHtml } from './html.ts';
import { panelExplanation, panelTexts } from './view.ts';

export const viewType = 'whytoken.explanation';

/** `Whytoken: Open Explanation Panel`: the explanation that was looked at last, as a table beside the text. */
export class ExplanationPanel implements WebviewPanelSerializer, Disposable {
  readonly #extension: Uri;
  readonly #texts: ExplainedTexts;
  readonly #painter: Painter;
  readonly #log: LogOutputChannel;
  readonly #subscription: Disposable;
  #panel: WebviewPanel | null = null;
  /** What the panel shows; messages name it by `#id`. */
  #shown: ExplainedText | null = null;
  #id = 0;

  constructor(extension: Uri, texts: ExplainedTexts, painter: Painter, log: LogOutputChannel) {
    this.#extension = extension;
    this.#texts = texts;
    this.#painter = painter;
    this.#log = log;
    this.#subscription = texts.onDidChange(({ kind }) => {
      if (kind === 'answered' || kind === 'removed' || kind === 'looked-at') this.#show();
    });
  }

  open(): void {
    if (this.#panel) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    this.#adopt(window.createWebviewPanel(viewType, l10n.t('Explanation'), place));
  }

  async deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#adopt(panel);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#panel?.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    const built = Uri.joinPath(this.#extension, 'dist', 'webview');
    const icons = Uri.joinPath(this.#extension, 'media');
    this.#panel = panel;
    panel.iconPath = {
      light: Uri.joinPath(icons, 'panel-light.svg'),
      dark: Uri.joinPath(icons, 'panel-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [built] };
    panel.webview.onDidReceiveMessage((message) => this.#receive(message));
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#point(null);
    });
    const script = Uri.joinPath(built, 'explanation.js');
    const style = Uri.joinPath(built, 'explanation.css');
    panel.webview.html = panelHtml(panel.webview, script, style, 'Whytoken');
  }

  #receive(message: unknown): void {
    const parsed = v.safeParse(fromPanel, message);
    if (!parsed.success) {
      this.#log.warn(`The panel sent a message that is none: ${parsed.issues[0].message}`);
      return;
    }
    this.#answer(parsed.output);
  }

  #answer(message: FromPanel): void {
    if (message.type === 'ready')
      this.#post({ type: 'start', texts: panelTexts(), explanation: this.#current() });
    else if (message.explanation === this.#id) this.#point(message.row);
  }

  #point(row: number | null): void {
    if (this.#shown) this.#painter.point(this.#shown, row);
  }

  #show(): void {
    if (this.#panel) this.#post({ type: 'show', explanation: this.#current() });
  }

  #current(): Extract<ToPanel, { type: 'show' }>['explanation'] {
    const { current } = this.#texts;
    if (this.#shown !== current) this.#point(null);
    this.#shown = current;
    this.#id += 1;
    return current && panelExplanation(this.#id, current);
  }

  /** A hidden webview hears nothing; it says `ready` again when it is shown. */
  #post(message: ToPanel): void {
    void this.#panel?.webview.postMessage(message);
  }
}
