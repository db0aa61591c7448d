import {
  type Disposable,
  l10n,
  MarkdownString,
  type StatusBarItem,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import type { ExplainedText } from './explain/explainedText.ts';
import type { ExplainedTexts } from './explain/explainedTexts.ts';
import { summary } from './explain/told.ts';
import { menuHint } from './idleItem.ts';
import type { Jobs, RunningJob } from './jobs.ts';
import { section } from './names.ts';
import type { OverlayId } from './overlay/overlay.ts';
import type { Overlays } from './overlay/overlays.ts';
import type { Problems } from './problems.ts';
import { telling } from './telling.ts';
import { asMarkdown, withoutIcons } from './text/escape.ts';

/** How long a remark stays before the explanation comes back. */
const noteMilliseconds = 10_000;

/** A remark, and what was shown when it came. Anything newer takes its place. */
interface Note {
  sentence: string;
  timer: NodeJS.Timeout;
  document: TextDocument | undefined;
  overlay: OverlayId | null;
  explained: ExplainedText | undefined;
}

/**
 * One item: what is being done (the newest job, with how many others there are), else what there is to say, else what
 * is shown; a click chooses what is shown.
 */
export class StatusItem implements Disposable {
  readonly #item: StatusBarItem;
  readonly #jobs: Jobs;
  readonly #texts: ExplainedTexts;
  readonly #overlays: Overlays;
  readonly #subscriptions: Disposable[];
  #note: Note | null = null;

  constructor(
    item: StatusBarItem,
    jobs: Jobs,
    texts: ExplainedTexts,
    overlays: Overlays,
    problems: Problems,
  ) {
    this.#item = item;
    this.#jobs = jobs;
    this.#texts = texts;
    this.#overlays = overlays;
    const show = () => this.#show();
    this.#subscriptions = [
      jobs.onDidBegin(() => this.#forgetNote()),
      jobs.onDidChange(show),
      texts.onDidChange(show),
      overlays.onDidChange(show),
      window.onDidChangeActiveTextEditor(show),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${section}.model.path`)) show();
      }),
      problems.onDidNote((sentence) => this.#take(sentence)),
      problems.onDidWithdraw((sentence) => {
        if (this.#note?.sentence !== sentence) return;
        this.#forgetNote();
        this.#show();
      }),
    ];
    show();
  }

  /** What it says to the pointer. */
  get tooltip(): string {
    const { tooltip = '' } = this.#item;
    return typeof tooltip === 'string' ? tooltip : tooltip.value;
  }

  /** What it says now, with its icon. */
  get text(): string {
    return this.#item.text;
  }

  dispose(): void {
    this.#forgetNote();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #take(sentence: string): void {
    this.#forgetNote();
    const timer = setTimeout(() => {
      this.#note = null;
      this.#show();
    }, noteMilliseconds);
    const document = window.activeTextEditor?.document ?? this.#texts.current?.document;
    const overlay = document ? this.#overlays.of(document) : null;
    const explained = document && this.#texts.of(document);
    this.#note = { sentence, timer, document, overlay, explained };
    this.#show();
  }

  /** Whether another result has come since, or another document. That a result is refined or taken away does not count. */
  #isOutdated(note: Note): boolean {
    const active = window.activeTextEditor?.document;
    if (active && note.document && active !== note.document) return true;
    const document = note.document ?? active;
    if (!document) return false;
    const overlay = this.#overlays.of(document);
    const explained = this.#texts.of(document);
    return (
      (overlay !== null && overlay !== note.overlay) ||
      (explained !== undefined && explained !== note.explained)
    );
  }

  #forgetNote(): void {
    if (this.#note) clearTimeout(this.#note.timer);
    this.#note = null;
  }

  #show(): void {
    if (this.#note && this.#isOutdated(this.#note)) this.#forgetNote();
    const [newest, ...others] = this.#jobs.running;
    const document = window.activeTextEditor?.document ?? this.#texts.current?.document;
    const headline = document && this.#overlays.headline(document);
    if (newest) {
      this.#set(
        '$(loading~spin)',
        jobText(newest, others.length),
        'whytoken.cancel',
        l10n.t('Click or press Escape to cancel.'),
      );
    } else if (this.#note) {
      this.#set('$(info)', this.#note.sentence, 'whytoken.showLog', this.#note.sentence);
    } else if (document && headline) {
      const explained = this.#overlays.of(document) === 'attribution' && this.#texts.of(document);
      const legend = this.#overlays.legend(document);
      const shown = explained
        ? tooltip(explained)
        : legend
          ? withLegend(headline, legend, document)
          : menuHint(document);
      this.#set('$(lightbulb)', headline, 'whytoken.showMenu', shown);
    } else {
      this.#set('$(lightbulb)', 'Whytoken', 'whytoken.showMenu', menuHint(document));
    }
  }

  #set(icon: string, text: string, command: string, tooltip: string | MarkdownString): void {
    this.#item.text = `${icon} ${withoutIcons(text)}`;
    this.#item.accessibilityInformation = { label: text, role: 'button' };
    this.#item.tooltip = tooltip;
    this.#item.command = command;
  }
}

function jobText(job: RunningJob, others: number): string {
  return others === 0 ? progressText(job) : l10n.t('{0} (and {1} more)', progressText(job), others);
}

function progressText({ title, progress, phase }: RunningJob): string {
  if (phase !== null) return phase;
  if (progress?.stage === 'loading') return l10n.t('{0}: loading the model…', title);
  if (!progress?.total) return l10n.t('{0}…', title);
  return l10n.t('{0}… {1}', title, telling.numbers.percent(progress.done / progress.total));
}

function withLegend(headline: string, legend: string, document: TextDocument): MarkdownString {
  const hints = asMarkdown(`${l10n.t('Escape clears the colours.')} ${menuHint(document)}`);
  return new MarkdownString([asMarkdown(headline), legend, hints].join('\n\n'));
}

function tooltip(explained: ExplainedText): MarkdownString {
  const lines = summary(explained);
  if (lines.length === 0) return new MarkdownString();
  const hints = asMarkdown(`${l10n.t('Escape clears the colours.')} ${menuHint(explained.document)}`);
  return new MarkdownString([...lines, hints].join('\n\n'));
}
