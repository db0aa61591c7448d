import * as v from 'valibot';
import { type Disposable, type Memento, Range, type TextDocument, workspace } from 'vscode';
import { sha256 } from '../../../text/sha256.ts';
import type { ExplainedText } from '../../explain/explainedText.ts';
import type { ExplainedTexts } from '../../explain/explainedTexts.ts';
import type { Question } from '../../explain/question.ts';

const key = 'panel.explanation';

/** Remembers after a pause only: every key typed before an explained text moves it. */
const pauseMilliseconds = 500;

/** Written to the disk by VS Code: hashes and places, and no token, because one that was typed or chosen is text. */
const remembered = v.object({
  uri: v.string(),
  /** The hash of the explained stretch. */
  sha256: v.string(),
  question: v.object({
    stretch: v.object({ start: v.number(), end: v.number() }),
    at: v.nullable(v.number()),
    target: v.object({ kind: v.picklist(['top', 'actual']) }),
    foil: v.nullable(v.object({ kind: v.picklist(['top', 'none']) })),
    choice: v.object({
      kind: v.picklist(['selection', 'line', 'token', 'live']),
      selections: v.number(),
      isTrimmed: v.exactOptional(v.boolean()),
    }),
  }) satisfies v.GenericSchema<unknown, Question>,
});

/** What was explained last, kept over a reload of the window. */
export class RememberedQuestion implements Disposable {
  readonly #texts: ExplainedTexts;
  readonly #state: Memento;
  readonly #subscription: Disposable;
  #timer: NodeJS.Timeout | undefined;

  constructor(texts: ExplainedTexts, state: Memento) {
    this.#texts = texts;
    this.#state = state;
    this.#subscription = texts.onDidChange(() => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#remember(), pauseMilliseconds);
    });
  }

  /** Null if the text is no longer open or has changed. */
  recall(): { document: TextDocument; question: Question } | null {
    const parsed = v.safeParse(remembered, this.#state.get(key));
    if (!parsed.success) return null;
    const { uri, question, sha256: hash } = parsed.output;
    const document = workspace.textDocuments.find((one) => one.uri.toString() === uri);
    return document && hash === hashOf(document, question) ? { document, question } : null;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }

  #remember(): void {
    const { current } = this.#texts;
    void this.#state.update(key, (current && memoryOf(current)) ?? undefined);
  }
}

/** With the usual foil where one was chosen; null where the target was. */
function memoryOf({ document, question }: ExplainedText): v.InferOutput<typeof remembered> | null {
  const { target, foil } = question;
  if (target.kind !== 'top' && target.kind !== 'actual') return null;
  const kept = foil?.kind === 'top' || foil?.kind === 'none' ? { kind: foil.kind } : null;
  const asked = { ...question, target: { kind: target.kind }, foil: kept };
  return { uri: document.uri.toString(), sha256: hashOf(document, question), question: asked };
}

function hashOf(document: TextDocument, { stretch }: Question): string {
  const range = new Range(document.positionAt(stretch.start), document.positionAt(stretch.end));
  return sha256(document.getText(range));
}
