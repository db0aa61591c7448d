import { type Disposable, type TextDocument, window, workspace } from 'vscode';
import type { Explainer } from '../explain/explainer.ts';
import type { Jobs } from '../jobs.ts';
import type { Overlays } from '../overlay/overlays.ts';
import type { Settings } from '../settings.ts';

/** A pause in the typing, in milliseconds, after which the line is explained. */
const pause = 200;

/** With the setting `whytoken.live` the explanation follows the typing: each pause asks anew, each key cancels. */
export class Live implements Disposable {
  readonly #explainer: Explainer;
  readonly #overlays: Overlays;
  readonly #jobs: Jobs;
  readonly #settings: Settings;
  readonly #subscription: Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(explainer: Explainer, overlays: Overlays, jobs: Jobs, settings: Settings) {
    this.#explainer = explainer;
    this.#overlays = overlays;
    this.#jobs = jobs;
    this.#settings = settings;
    this.#subscription = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.#typed(document);
    });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    this.#explainer.stopLive();
  }

  #typed(document: TextDocument): void {
    if (window.activeTextEditor?.document !== document || !this.#settings.get('live', document)) return;
    clearTimeout(this.#timer);
    this.#explainer.stopLive();
    this.#timer = setTimeout(() => this.#explain(document), pause);
  }

  /** It never replaces what somebody asked for, or another overlay. */
  #explain(document: TextDocument): void {
    const editor = window.activeTextEditor;
    const overlay = this.#overlays.of(document);
    if (editor?.document !== document || this.#jobs.running.length > 0) return;
    if (overlay === null || overlay === 'attribution') void this.#explainer.explainLive(editor);
  }
}
