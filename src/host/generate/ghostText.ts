import {
  commands,
  type Disposable,
  type InlineCompletionContext,
  InlineCompletionItem,
  type InlineCompletionItemProvider,
  InlineCompletionTriggerKind,
  languages,
  type Position,
  Range,
  type TextDocument,
} from 'vscode';

/** A text to insert at the cursor. A suggestion keeps its `key` while its text grows. */
export interface Offer<K> {
  key: K;
  text: string;
}

const triggerCommand = 'editor.action.inlineSuggest.trigger';
const hideCommand = 'editor.action.inlineSuggest.hide';

/** The commands behind the keys, the toolbar and the palette, and where they lead. */
const steps = {
  'editor.action.inlineSuggest.showNext': 1,
  'editor.action.inlineSuggest.showPrevious': -1,
} as const;

/** How many steps can be under way at once. */
const mostSteps = 16;

/** VS Code's name for the provider, so that a trigger asks this one only. Older versions ask all providers. */
const providerId = 'whytoken.whytoken:*';

/**
 * Texts as VS Code's own inline suggestions in the active editor, which shows, cycles and inserts them. While they are
 * shown VS Code does not ask again by itself; `refresh` makes it.
 */
export class GhostText<K extends object> implements InlineCompletionItemProvider, Disposable {
  readonly #document: TextDocument;
  readonly #offersAt: (offset: number) => readonly Offer<K>[];
  #registration: Disposable | null = null;
  /** While they are registered, cycling runs through here: VS Code does not tell which suggestion it shows. */
  #stepCommands: Disposable[] = [];
  #stepping = 0;
  /** The latest answer, the suggestion shown first in front. */
  #listed: readonly Offer<K>[] = [];
  /** The one before it, as long as VS Code may still show it. */
  #replaced: readonly Offer<K>[] = [];
  #index = 0;
  #answers = 0;
  #answered: { version: number; isExplicit: boolean } | null = null;
  #probe: { isHidden: boolean } | null = null;
  /** Whether VS Code replaces suggestions without hiding them first; null: not tried yet. */
  #replacesQuietly: boolean | null = null;

  /** @param offersAt what is offered at a UTF-16 offset of the document; the first time the first one is shown */
  constructor(document: TextDocument, offersAt: (offset: number) => readonly Offer<K>[]) {
    this.#document = document;
    this.#offersAt = offersAt;
  }

  /** Which of them is shown. Others may begin with the same text. */
  get shown(): K | null {
    return this.#listed[this.#index]?.key ?? null;
  }

  /** Whether an inserted text is the whole of one of the suggestions. */
  isWhole(text: string): boolean {
    return [...this.#listed, ...this.#replaced].some((offer) => offer.text === text);
  }

  /** @returns false if the editor did not ask because it shows no suggestions (it may be read-only) */
  async show(): Promise<boolean> {
    this.#register();
    this.#followSteps();
    const before = this.#answers;
    await trigger();
    return this.#answers > before;
  }

  /**
   * Shows the offers as they are now, and still the one that the person has cycled to.
   * @returns false when the suggestions were hidden meanwhile; they stay so.
   */
  async refresh(): Promise<boolean> {
    if (await this.#isHidden()) return false;
    this.#replaced = this.#listed;
    const isShown = await (this.#replacesQuietly === false ? this.#hideAndShow() : this.#replace());
    this.#replaced = [];
    return isShown;
  }

  /** Hides the suggestions. Does nothing if none is shown. */
  async hide(): Promise<void> {
    await commands.executeCommand(hideCommand);
  }

  provideInlineCompletionItems(
    document: TextDocument,
    position: Position,
    { triggerKind }: InlineCompletionContext,
  ): InlineCompletionItem[] {
    if (document !== this.#document || !this.#registration) return [];
    const isExplicit = triggerKind === InlineCompletionTriggerKind.Invoke;
    if (this.#probe && isExplicit && this.#isAnswered()) {
      this.#probe.isHidden = true;
      return [];
    }
    this.#answers += 1;
    this.#answered = { version: document.version, isExplicit };
    const offers = this.#fromShown(this.#offersAt(document.offsetAt(position)));
    this.#listed = offers;
    this.#index = 0;
    return offers.map(({ text }) => new InlineCompletionItem(text, new Range(position, position)));
  }

  dispose(): void {
    this.#disposeStepCommands();
    this.#registration?.dispose();
    this.#registration = null;
  }

  #register(): void {
    this.#registration?.dispose();
    this.#registration = languages.registerInlineCompletionItemProvider('*', this);
  }

  /** The one shown comes first, because VS Code begins with the first; the others keep their order around it. */
  #fromShown(offers: readonly Offer<K>[]): readonly Offer<K>[] {
    const first = offers.findIndex(({ key }) => key === this.shown);
    return first <= 0 ? offers : [...offers.slice(first), ...offers.slice(0, first)];
  }

  /** What has been answered once is asked for again only when it is not shown any more. */
  async #isHidden(): Promise<boolean> {
    if (!this.#isAnswered()) return false;
    const probe = { isHidden: false };
    this.#probe = probe;
    try {
      await trigger();
    } finally {
      this.#probe = null;
    }
    return probe.isHidden;
  }

  /** Whether an explicit trigger has had its answer, for the text as it is. After another one VS Code asks in any case. */
  #isAnswered(): boolean {
    return this.#answered?.isExplicit === true && this.#answered.version === this.#document.version;
  }

  /**
   * A provider registered anew has not answered yet, so VS Code asks it though it still shows the old answer. Not
   * explicitly: then it would keep the suggestion that is shown, as it is. The explicit one after it counts them.
   * @returns false when they were hidden meanwhile
   */
  async #replace(): Promise<boolean> {
    if (!this.#registration) return false;
    this.#register();
    const { version } = this.#document;
    const before = this.#answers;
    await trigger({ explicit: false });
    if (!this.#registration || this.#document.version !== version) return true;
    const isAsked = this.#answers > before;
    if (isAsked && !this.#answered?.isExplicit) {
      this.#replacesQuietly = true;
      await trigger();
      return true;
    }
    // Not asked: they were hidden, or this VS Code is older. Asked explicitly: the person cycles, or likewise.
    if (this.#replacesQuietly) return isAsked;
    if (!isAsked && (await this.#isHidden())) return false;
    this.#replacesQuietly = false;
    return this.#hideAndShow();
  }

  /** The way that every VS Code knows. For a moment nothing is shown. */
  async #hideAndShow(): Promise<boolean> {
    if (!this.#registration) return false;
    await commands.executeCommand('runCommands', { commands: [hideCommand, triggerCommand] });
    return true;
  }

  #followSteps(): void {
    try {
      for (const id of Object.keys(steps) as (keyof typeof steps)[]) {
        this.#stepCommands.push(commands.registerCommand(id, () => this.#step(id)));
      }
    } catch {
      // Another extension has taken them: then a refresh shows the first suggestion.
      this.#disposeStepCommands();
    }
  }

  /** VS Code takes these in their order, so no step is missed: its own command runs while ours is away. */
  async #step(id: keyof typeof steps): Promise<void> {
    const { length } = this.#listed;
    if (length > 0) this.#index = (this.#index + steps[id] + length) % length;
    this.#disposeStepCommands();
    this.#stepping += 1;
    try {
      const stepped = commands.executeCommand(id);
      // If it ran ours again in place of its own, none would come to its end.
      if (this.#registration && this.#stepping < mostSteps) this.#followSteps();
      await stepped;
    } finally {
      this.#stepping -= 1;
    }
  }

  #disposeStepCommands(): void {
    for (const command of this.#stepCommands.splice(0)) command.dispose();
  }
}

async function trigger(options: { explicit?: boolean } = {}): Promise<void> {
  await commands.executeCommand(triggerCommand, { providerId, ...options });
}
