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

/** The commands of the keys, the toolbar and the palette, and by how many suggestions each one moves. */
const steps = {
  'editor.action.inlineSuggest.showNext': 1,
  'editor.action.inlineSuggest.showPrevious': -1,
} as const;

/** How many steps can be under way at once. */
const mostSteps = 16;

/** VS Code's name for the provider, so that a trigger asks this one only. Older versions ask all providers. */
const providerId = 'whytoken.whytoken:*';

/**
 * Shows texts as VS Code's own inline suggestions in the active editor: VS Code shows, cycles and inserts them. While
 * it shows them it does not ask again by itself; `refresh` makes it ask.
 */
export class GhostText<K extends object> implements InlineCompletionItemProvider, Disposable {
  readonly #document: TextDocument;
  readonly #offersAt: (offset: number) => readonly Offer<K>[];
  #registration: Disposable | null = null;
  /**
   * While our step commands are registered, cycling runs through them: VS Code does not tell which suggestion it shows.
   */
  #stepCommands: Disposable[] = [];
  #stepping = 0;
  /** The latest answer, beginning with the suggestion that was shown. */
  #listed: readonly Offer<K>[] = [];
  /** The answer before that, as long as VS Code may still show it. */
  #replaced: readonly Offer<K>[] = [];
  #index = 0;
  #answers = 0;
  #answered: { version: number; isExplicit: boolean } | null = null;
  #probe: { isHidden: boolean } | null = null;
  /** Whether VS Code replaces suggestions without hiding them first; null: not tried yet. */
  #replacesQuietly: boolean | null = null;

  /** @param offersAt gives what is offered at a UTF-16 offset of the document. At first the first offer is shown */
  constructor(document: TextDocument, offersAt: (offset: number) => readonly Offer<K>[]) {
    this.#document = document;
    this.#offersAt = offersAt;
  }

  /** The key of the suggestion that is shown. Others may begin with the same text. */
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
   * Shows the current offers, and keeps showing the one that the person has cycled to.
   * @returns false if the suggestions have been hidden meanwhile; they stay hidden.
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

  /**
   * Puts the suggestion that is shown first, because VS Code begins with the first. The others keep their cyclic order.
   */
  #fromShown(offers: readonly Offer<K>[]): readonly Offer<K>[] {
    const first = offers.findIndex(({ key }) => key === this.shown);
    return first <= 0 ? offers : [...offers.slice(first), ...offers.slice(0, first)];
  }

  /**
   * Finds out by a trigger: VS Code asks again, for a text that was answered, only if it no longer shows the answer.
   */
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

  /** Whether an explicit trigger was answered for the current text. After any other answer VS Code asks in any case. */
  #isAnswered(): boolean {
    return this.#answered?.isExplicit === true && this.#answered.version === this.#document.version;
  }

  /**
   * A newly registered provider has not answered yet, so VS Code asks it although it still shows the old answer. The
   * first trigger is not explicit, because an explicit one would keep the shown suggestion as it is. The explicit one
   * after it makes VS Code count the suggestions.
   * @returns false if the suggestions have been hidden meanwhile
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
    // Not asked: the suggestions were hidden, or this VS Code is older. Asked explicitly: the person cycles, or this VS
    // Code is older.
    if (this.#replacesQuietly) return isAsked;
    if (!isAsked && (await this.#isHidden())) return false;
    this.#replacesQuietly = false;
    return this.#hideAndShow();
  }

  /** Works in every version of VS Code, but for a moment nothing is shown. */
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
      // Another extension has registered these commands. Then a refresh shows the first suggestion.
      this.#disposeStepCommands();
    }
  }

  /**
   * Counts a step and runs VS Code's own command for it, while ours is not registered. VS Code runs commands in order,
   * so no step is missed.
   */
  async #step(id: keyof typeof steps): Promise<void> {
    const { length } = this.#listed;
    if (length > 0) this.#index = (this.#index + steps[id] + length) % length;
    this.#disposeStepCommands();
    this.#stepping += 1;
    try {
      const stepped = commands.executeCommand(id);
      // If VS Code's command ran ours again, no step would ever end: hence the limit.
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
