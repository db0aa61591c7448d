import { commands, Disposable, type Event, window } from 'vscode';
import type { AnswerThread } from './answer/answerThread.ts';
import type { ExplainedTexts } from './explain/explainedTexts.ts';
import type { ExplanationAsText } from './explain/explanationAsText.ts';
import type { Generator } from './generate/generator.ts';
import type { TokenHover } from './hover/tokenHover.ts';
import type { ModelFolder } from './modelFolder.ts';
import type { Sight } from './names.ts';
import type { Overlays } from './overlay/overlays.ts';
import type { Panels } from './panel/panels.ts';
import type { Settings } from './settings.ts';

interface Shown {
  asText: ExplanationAsText;
  explanationPanel: Pick<Panels['attribution'], 'onDidOpen'>;
  texts: ExplainedTexts;
  overlays: Overlays;
  generator: Generator;
  hover: TokenHover;
  answers: AnswerThread;
  modelFolder: ModelFolder;
  settings: Settings;
}

/**
 * Tells the walkthrough what was seen, by the contexts `whytoken.seen.…`. VS Code takes notice of one as it becomes true
 * while the walkthrough is loaded; one that is true before never counts. So they are true for a moment only, and what was
 * seen is told again when the walkthrough opens.
 */
export class Seen implements Disposable {
  readonly #seen = new Set<Sight>();
  readonly #subscription: Disposable;

  constructor(shown: Shown) {
    const { texts, overlays, generator, hover, answers, asText, explanationPanel, modelFolder, settings } =
      shown;
    const on = (sight: Sight, event: Event<void>) => event(() => this.#see(sight));
    this.#subscription = Disposable.from(
      on('token', hover.onDidTell),
      on('token', answers.onDidOpen),
      on('token', asText.onDidShow),
      // It tells of nothing where nothing is explained.
      explanationPanel.onDidOpen(() => texts.lookedAt?.explanation && this.#see('token')),
      on('generation', generator.onDidOffer),
      on('model', modelFolder.onDidTake),
      // Whatever opened the walkthrough, it is a tab whose contents VS Code does not tell.
      window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
        if ([...opened, ...changed].some(({ input }) => input === undefined)) this.tellAgain();
      }),
      texts.onDidChange(({ kind, explained }) => {
        if (kind !== 'answered') return;
        const { choice, foil } = explained.question;
        this.#see(choice.kind === 'token' || foil ? 'token' : 'explanation');
        if (explained.params.modelDir !== settings.bundledModel) this.#see('model');
      }),
      overlays.onDidChange((document) => {
        if (this.#seen.has('overlay') || !['surprisal', 'attention'].includes(overlays.of(document) ?? ''))
          return;
        const editor = window.visibleTextEditors.find((visible) => visible.document === document);
        if (editor && overlays.marks(editor).tokens.length > 0) this.#see('overlay');
      }),
    );
  }

  /** Once the walkthrough is there. */
  tellAgain(): void {
    for (const sight of this.#seen) void tell(sight);
  }

  has(sight: Sight): boolean {
    return this.#seen.has(sight);
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #see(sight: Sight): void {
    if (this.#seen.has(sight)) return;
    this.#seen.add(sight);
    void tell(sight);
  }
}

async function tell(sight: Sight): Promise<void> {
  for (const value of [true, false]) {
    await commands.executeCommand('setContext', `whytoken.seen.${sight}`, value);
  }
}
