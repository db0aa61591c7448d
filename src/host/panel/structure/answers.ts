/** Answers the page's questions with the engine's verbs. */
import type { CancellationToken } from 'vscode';
import type { ImportanceParams, ModelText } from '../../../protocol/engine.ts';
import type { AnswerOf, ContentOf, QuestionName } from '../../../protocol/panels/page.ts';
import type { StructurePanel } from '../../../protocol/panels/structure.ts';
import type { Explanation, Importance, PartialImportance } from '../../../protocol/results.ts';
import { shownToken } from '../../../text/pieceNames.ts';
import type { EngineVerbs } from '../../engine/client.ts';
import type { PanelAnswers } from '../answers.ts';

/** What the panel is about. */
export interface StructureSubject {
  /** The checkpoint's folder. */
  modelDir(): string;
  /**
   * What importance is measured on.
   * @param key the content's key
   * @throws EngineError if the content has changed since
   */
  measured(key: string): ImportanceParams;
}

export class StructureAnswers implements PanelAnswers<StructurePanel> {
  readonly #engine: Pick<EngineVerbs, 'structure' | 'importance'>;
  readonly #subject: StructureSubject;
  /** The last answers, for a tab that was hidden, because its page begins anew. */
  #read: { modelDir: string; answer: AnswerOf<StructurePanel, 'structure'> } | null = null;
  #measured: { key: string; answer: AnswerOf<StructurePanel, 'measure'> } | null = null;

  constructor(engine: Pick<EngineVerbs, 'structure' | 'importance'>, subject: StructureSubject) {
    this.#engine = engine;
    this.#subject = subject;
  }

  readonly structure: PanelAnswers<StructurePanel>['structure'] = async (_, { cancellation, report }) => {
    const modelDir = this.#subject.modelDir();
    if (this.#read?.modelDir === modelDir) return this.#read.answer;
    const structure = await this.#engine.structure(
      { modelDir },
      {
        ...asks('structure', cancellation),
        onProgress: ({ done, total }) => report({ done, total, structure: null }),
      },
    );
    const answer = { ...complete, structure };
    this.#read = { modelDir, answer };
    return answer;
  };

  readonly measure: PanelAnswers<StructurePanel>['measure'] = async ({ key }, { cancellation, report }) => {
    const params = this.#subject.measured(key);
    if (this.#measured?.key === key) return this.#measured.answer;
    let known: PartialImportance | null = null;
    const importance = await this.#engine.importance(params, {
      ...asks('measure', cancellation),
      onProgress: ({ stage, done, total, partial }) => {
        known = partial ?? known;
        // Reading counts tokens, not parts. To a person it is all one measurement, which has hardly begun.
        const isUnderWay = stage === 'explaining';
        report({ done: isUnderWay ? done : 0, total: isUnderWay ? total : null, importance: known });
      },
    });
    const answer = { ...complete, importance };
    this.#measured = { key, answer };
    return answer;
  };

  /** Makes the next question read the checkpoint's files again. */
  forgetFiles(): void {
    this.#read = null;
  }
}

const complete = { done: 1, total: 1 };

/** Each question of the page has a lane of its own. */
function asks(question: QuestionName<StructurePanel>, cancellation: CancellationToken) {
  return { lane: `panel.structure.${question}`, cancellation };
}

/** Which prediction is measured on: one that was explained, else the model's own after the text. */
export interface MeasuredQuestion {
  at: ImportanceParams['at'];
  explained: Pick<Explanation, 'target' | 'foil'> | null;
}

/** Parts are compared by logits, so a foil of several tokens is replaced by its first one. */
export function importanceParams(text: ModelText, { at, explained }: MeasuredQuestion): ImportanceParams {
  if (!explained) return { ...text, at, target: { kind: 'top' }, foil: { kind: 'competitor' } };
  const { target, foil } = explained;
  return {
    ...text,
    at,
    target: { kind: 'id', id: target.id },
    foil: foil ? { kind: 'id', id: foil.ids[0] ?? foil.id } : { kind: 'none' },
  };
}

/** UTF-16 units of the text's end that are shown. */
const tailUnits = 160;

/** The text as the page names it. */
export function textContent(
  key: string,
  title: string,
  read: string,
  { explained }: MeasuredQuestion,
  isCurrent: boolean,
): NonNullable<ContentOf<StructurePanel>['text']> {
  const tail = read.length > tailUnits ? `…${read.slice(-tailUnits).toWellFormed()}` : read;
  const shown = ({ probability, ...token }: Importance['target']) => {
    const { id: _, ...named } = shownToken(token);
    return { ...named, probability };
  };
  const question = explained && {
    target: shown(explained.target),
    foil: explained.foil && shown(explained.foil),
  };
  return { key, title, tail, explained: question, isCurrent };
}
