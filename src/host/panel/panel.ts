import * as v from 'valibot';
import {
  CancellationTokenSource,
  type Disposable,
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
import { type FromPage, fromPage, type PanelProtocol, type ToPage } from '../../protocol/panels/page.ts';
import type { Problems } from '../problems.ts';
import { panelHtml } from './html.ts';
import type { PanelSource } from './panelSource.ts';
import { saveExport } from './saveExport.ts';

/** What all panels share. */
export interface PanelParts {
  extension: Uri;
  problems: Problems;
  log: LogOutputChannel;
}

/** One webview beside the text: opens it, checks what it says, and answers from its source. */
export class Panel<P extends PanelProtocol> implements WebviewPanelSerializer, Disposable {
  readonly #source: PanelSource<P>;
  readonly #parts: PanelParts;
  readonly #subscriptions: Disposable[];
  readonly #calls = new Map<number, CancellationTokenSource>();
  #panel: WebviewPanel | null = null;
  /** Names what is shown; messages about something older are passed over. */
  #number = 0;

  constructor(source: PanelSource<P>, parts: PanelParts) {
    this.#source = source;
    this.#parts = parts;
    this.#subscriptions = [
      source,
      source.onDidChange(() => this.#show()),
      source.onDidPoint((token) => this.#post({ type: 'pointed', content: this.#number, token })),
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
    // A webview is told late to be the active one: whoever knows where the question came from says so.
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
    this.#dropAll();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel?.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    const { extension } = this.#parts;
    const built = Uri.joinPath(extension, 'dist', 'webview');
    const icon = (theme: string) => Uri.joinPath(extension, 'media', `panel-${theme}.svg`);
    this.#panel = panel;
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.webview.options = { enableScripts: true, localResourceRoots: [built] };
    panel.webview.onDidReceiveMessage((message) => this.#receive(message));
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#dropAll();
      this.#source.point(null);
    });
    const file = (extension: string) => Uri.joinPath(built, `${this.#source.entry}.${extension}`);
    panel.webview.html = panelHtml(panel.webview, file('js'), file('css'), this.#source.title);
  }

  #receive(raw: unknown): void {
    const message = this.#parse(fromPage, raw);
    if (message) this.#take(message);
  }

  #take(message: FromPage): void {
    const isCurrent = 'content' in message && message.content === this.#number;
    if (message.type === 'ready') this.#begin();
    else if (message.type === 'ask') void this.#answer(message);
    else if (message.type === 'drop') this.#calls.get(message.id)?.cancel();
    else if (message.type === 'copy') void env.clipboard.writeText(message.text);
    else if (message.type === 'save') this.#save(message);
    else if (message.type === 'point' && isCurrent) this.#source.point(message.token);
    else if (message.type === 'order' && isCurrent) {
      const order = this.#parse(this.#source.protocol.order, message.order);
      if (order !== null) this.#source.obey(order);
    }
  }

  async #answer({ id, name, params }: Extract<FromPage, { type: 'ask' }>): Promise<void> {
    const { questions } = this.#source.protocol;
    const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
    const asked = question && this.#parse(question.params, params);
    if (!question || asked === null) return this.#post({ type: 'failed', id, message: '' });
    const source = new CancellationTokenSource();
    this.#calls.set(id, source);
    // A page that begins anew counts its questions from 1 again: what was asked before is none of its own.
    const say = (message: ToPage) => {
      if (this.#calls.get(id) === source) this.#post(message);
    };
    try {
      const answer = await this.#source.answer(name, asked as never, {
        cancellation: source.token,
        report: (partial) => say({ type: 'partial', id, answer: partial }),
      });
      say({ type: 'answer', id, answer });
    } catch (error) {
      // What was dropped is answered too, so that a page that changed its mind knows where it stands.
      say({ type: 'failed', id, message: this.#parts.problems.sentence(error) ?? '' });
    } finally {
      if (this.#calls.get(id) === source) this.#calls.delete(id);
      source.dispose();
    }
  }

  #save(message: Extract<FromPage, { type: 'save' }>): void {
    saveExport(message).catch((error) => {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.problems.report(new EngineError('export-failed', { reason }, { cause: error }));
    });
  }

  #show(): void {
    if (!this.#panel) return;
    this.#source.point(null);
    this.#number += 1;
    const [labels, content] = [this.#source.labels(), this.#source.content()];
    this.#post({ type: 'show', number: this.#number, locale: env.language, labels, content });
  }

  /** A hidden webview hears nothing; it says `ready` again when it is shown. */
  #post(message: ToPage): void {
    void this.#panel?.webview.postMessage(message);
  }

  /** A page that was made anew, after its tab was hidden say: nobody waits for what the one before asked. */
  #begin(): void {
    this.#dropAll();
    this.#show();
  }

  #dropAll(): void {
    const calls = [...this.#calls.values()];
    this.#calls.clear();
    for (const source of calls) source.cancel();
  }

  #parse<T>(schema: v.GenericSchema<unknown, T>, raw: unknown): T | null {
    const parsed = v.safeParse(schema, raw);
    if (parsed.success) return parsed.output;
    this.#parts.log.warn(`${this.viewType} sent a message that is none: ${parsed.issues[0].message}`);
    return null;
  }
}
