import {
  CancellationTokenSource,
  type Disposable,
  EventEmitter,
  env,
  type LogOutputChannel,
  TabInputWebview,
  Uri,
  ViewColumn,
  type WebviewPanel,
  type WebviewPanelSerializer,
  window,
} from 'vscode';
import { EngineError } from '../../protocol/errors.ts';
import type { FromPage, PanelProtocol } from '../../protocol/panels/page.ts';
import type { Problems } from '../problems.ts';
import { Conversation } from './conversation.ts';
import { panelHtml } from './html.ts';
import type { PanelSource } from './panelSource.ts';
import { saveExport } from './saveExport.ts';

/** What all panels share. */
export interface PanelParts {
  extension: Uri;
  problems: Problems;
  log: LogOutputChannel;
}

/** One webview beside the text, in which a page talks with its source. */
export class Panel<P extends PanelProtocol> implements WebviewPanelSerializer, Disposable {
  readonly #source: PanelSource<P>;
  readonly #parts: PanelParts;
  readonly #subscriptions: Disposable[];
  readonly #conversation: Conversation<P>;
  readonly #opened = new EventEmitter<void>();
  #panel: WebviewPanel | null = null;

  /** A person opened it, or looked at it again. */
  readonly onDidOpen = this.#opened.event;

  constructor(source: PanelSource<P>, parts: PanelParts) {
    this.#source = source;
    this.#parts = parts;
    this.#conversation = new Conversation(source, {
      locale: env.language,
      post: (message) => void this.#panel?.webview.postMessage(message),
      copy: (text) => void env.clipboard.writeText(text),
      save: (file) => this.#save(file),
      sentence: (error) => parts.problems.sentence(error),
      warn: (reason) =>
        parts.log.warn(`${source.viewType} sent a message that has not the shape of one: ${reason}`),
      newCancellation: () => new CancellationTokenSource(),
    });
    this.#subscriptions = [
      source,
      source.onDidChange(() => {
        if (this.#panel) this.#conversation.show();
      }),
      source.onDidPoint((token) => this.#conversation.point(token)),
    ];
  }

  get viewType(): string {
    return this.#source.viewType;
  }

  /** Where it is seen, if it is. */
  get viewColumn(): ViewColumn | undefined {
    return this.#panel?.viewColumn;
  }

  /** @param from a panel in which a person asked for this one: it goes there, and so does the focus */
  open(from?: Pick<WebviewPanel, 'viewColumn'>): void {
    this.#source.look();
    this.#opened.fire();
    // A webview learns late that it is the active one, so whoever knows where the question came from says so.
    const isFromPanel =
      from !== undefined || window.tabGroups.activeTabGroup.activeTab?.input instanceof TabInputWebview;
    if (this.#panel) {
      this.#panel.reveal(undefined, from === undefined);
      return;
    }
    const viewColumn = from?.viewColumn ?? (isFromPanel ? ViewColumn.Active : ViewColumn.Beside);
    const place = { viewColumn, preserveFocus: !isFromPanel };
    this.#adopt(window.createWebviewPanel(this.viewType, this.#source.title, place));
  }

  async deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    this.#panel?.dispose();
    this.#adopt(panel);
    await this.#source.restore?.();
  }

  dispose(): void {
    this.#conversation.end();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel?.dispose();
    this.#opened.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    const { extension } = this.#parts;
    const built = Uri.joinPath(extension, 'dist', 'webview');
    const icon = (theme: string) => Uri.joinPath(extension, 'media', `panel-${theme}.svg`);
    this.#panel = panel;
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [built] };
    panel.webview.onDidReceiveMessage((message) => this.#conversation.receive(message));
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#conversation.end();
      this.#source.point(null);
    });
    const file = (extension: string) => Uri.joinPath(built, `${this.#source.entry}.${extension}`);
    panel.webview.html = panelHtml(panel.webview, file('js'), file('css'), this.#source.title);
  }

  #save(file: Extract<FromPage, { type: 'save' }>): void {
    saveExport(file).catch((error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.problems.report(new EngineError('export-failed', { reason }, { cause: error }));
    });
  }
}
