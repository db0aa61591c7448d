/** Edits of the text that a model was given, in the document that it is a part of. */
import type { Range, TextDocument } from 'vscode';
import type { Said, TextEdit } from '../../protocol/results.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { Question } from '../explain/question.ts';

export interface PlacedEdit {
  range: Range;
  text: string;
}

/** In the document's order, where the text now stands. */
export function editsOf(explained: ExplainedText, edits: readonly TextEdit[]): PlacedEdit[] {
  return edits.map((edit) => ({ range: explained.rangeOf(edit), text: edit.new }));
}

/** All of the document with the edits. */
export function changedText(document: TextDocument, edits: readonly PlacedEdit[]): string {
  const whole = document.getText();
  return edits.reduceRight((text, { range, text: put }) => {
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    return text.slice(0, start) + put + text.slice(end);
  }, whole);
}

/** The question about the edited text that answers what was asked about the text: why this now, and not that any more? */
export function shiftedQuestion(
  { question }: ExplainedText,
  edits: readonly TextEdit[],
  before: Said,
  after: Said,
): Question {
  const growth = edits.reduce((sum, edit) => sum + edit.new.length - edit.old.length, 0);
  const { stretch, at } = question;
  const [was, is] = [before.next[0], after.next[0]];
  const target = is ? ({ kind: 'id', id: is.id } as const) : question.target;
  const foil = was && is && was.id !== is.id ? ({ kind: 'id', id: was.id } as const) : null;
  return {
    ...question,
    stretch: { start: stretch.start, end: stretch.end + growth },
    ...{ at: at === null ? null : at + growth, target, foil },
  };
}
