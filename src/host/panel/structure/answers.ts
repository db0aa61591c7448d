/** What the structure panel is answered, from what the engine answers. Without an editor, so that pages can be tried. */
import type { ImportanceParams, ModelText, Progress } from '../../../protocol/engine.ts';
import type { AnswerOf, ContentOf } from '../../../protocol/panels/page.ts';
import type { StructurePanel } from '../../../protocol/panels/structure.ts';
import type { Explanation, Importance, Structure } from '../../../protocol/results.ts';
import { shownToken } from '../../../text/pieceNames.ts';

/** The engine's verbs that the panel needs; whoever gives them has its own way of cancelling. */
export interface StructureVerbs {
  structure(params: { modelDir: string }, onProgress: (progress: Progress) => void): Promise<Structure>;
  importance(
    params: ImportanceParams,
    onProgress: (progress: Progress<Importance>) => void,
  ): Promise<Importance>;
}

type StructureAnswer = AnswerOf<StructurePanel, 'structure'>;
type MeasureAnswer = AnswerOf<StructurePanel, 'measure'>;

export async function readStructure(
  verbs: Pick<StructureVerbs, 'structure'>,
  modelDir: string,
  report: (partial: StructureAnswer) => void,
): Promise<StructureAnswer> {
  const structure = await verbs.structure({ modelDir }, ({ done, total }) =>
    report({ done, total, structure: null }),
  );
  return { ...complete, structure };
}

export async function measure(
  verbs: Pick<StructureVerbs, 'importance'>,
  params: ImportanceParams,
  report: (partial: MeasureAnswer) => void,
): Promise<MeasureAnswer> {
  let known: Importance | null = null;
  const importance = await verbs.importance(params, ({ stage, done, total, partial }) => {
    known = partial ?? known;
    // Reading has a count of its own; to a person it is all one measurement that has hardly begun.
    const isUnderWay = stage === 'explaining';
    report({ done: isUnderWay ? done : 0, total: isUnderWay ? total : null, importance: known });
  });
  return { ...complete, importance };
}

const complete = { done: 1, total: 1 };

/** Which prediction is measured on: one that was explained, else the model's own after the text. */
export interface MeasuredQuestion {
  at: ImportanceParams['at'];
  explained: Pick<Explanation, 'target' | 'foil'> | null;
}

/** Parts are compared by logits, so that a foil of several tokens stands for its first one. */
export function importanceParams(text: ModelText, { at, explained }: MeasuredQuestion): ImportanceParams {
  if (!explained) return { ...text, at, target: { kind: 'top' }, foil: { kind: 'top' } };
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
