/**
 * What the extension host and a panel's page say to each other, whatever the panel shows. Both sides check what they
 * receive, because a page can be made to send anything. A page cannot name a path or a command. It can only ask its
 * panel's questions, give its orders, and point at tokens.
 */
import * as v from 'valibot';
import { count } from '../results/common.ts';

/** A question: its parameters and its answer. */
interface QuestionKind {
  params: v.GenericSchema;
  answer: v.GenericSchema;
}

/** What is special about a panel. */
export interface PanelProtocol {
  /** What the page shows at first. */
  content: v.GenericSchema;
  /** What the page can ask for when a person wants to see it. Every question is answered or refused. */
  questions: Readonly<Record<string, QuestionKind>>;
  /** What a person wants done elsewhere. It has no answer; a new content may follow. */
  order: v.GenericSchema;
}

export type ContentOf<P extends PanelProtocol> = v.InferOutput<P['content']>;
export type OrderOf<P extends PanelProtocol> = v.InferOutput<P['order']>;
export type QuestionName<P extends PanelProtocol> = keyof P['questions'] & string;
export type ParamsOf<P extends PanelProtocol, N extends QuestionName<P>> = v.InferOutput<
  P['questions'][N]['params']
>;
export type AnswerOf<P extends PanelProtocol, N extends QuestionName<P>> = v.InferOutput<
  P['questions'][N]['answer']
>;

/** A page's texts by name, in the editor's language, with {0} where a value goes in. */
const labels = v.record(v.string(), v.string());
export type Labels = v.InferOutput<typeof labels>;

/** The most characters of an export. A self-contained page with a picture of 1,024 tokens has a few million. */
export const longestExport = 32 * 1024 * 1024;

export const fromPage = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('ask'), id: count, name: v.string(), params: v.unknown() }),
  /** Nobody waits for the answer any more. */
  v.object({ type: v.literal('drop'), id: count }),
  /** A token of the content with this number is hovered or focused; null: no longer. */
  v.object({ type: v.literal('point'), content: count, token: v.nullable(count) }),
  v.object({ type: v.literal('order'), content: count, order: v.unknown() }),
  /** Save to a file that the person chooses. `data` is text, or base64 for binary pictures. */
  v.object({
    type: v.literal('save'),
    extension: v.picklist(['svg', 'png', 'html', 'csv', 'json']),
    /** What is in it, for the file's name: nothing that a path could be made of. */
    name: v.pipe(v.string(), v.regex(/^[\p{L}\p{N}\p{M}-]{0,160}$/u)),
    data: v.pipe(v.string(), v.maxLength(longestExport)),
  }),
  v.object({ type: v.literal('copy'), text: v.pipe(v.string(), v.maxLength(longestExport)) }),
]);
export type FromPage = v.InferOutput<typeof fromPage>;

export const toPage = v.variant('type', [
  /**
   * Answers `ready`, and is sent again whenever something else is to be shown. Later messages refer to it by `number`.
   */
  v.object({ type: v.literal('show'), number: count, locale: v.string(), labels, content: v.unknown() }),
  v.object({ type: v.literal('partial'), id: count, answer: v.unknown() }),
  v.object({ type: v.literal('answer'), id: count, answer: v.unknown() }),
  v.object({ type: v.literal('failed'), id: count, message: v.string() }),
  /** A token is pointed at in the editor. */
  v.object({ type: v.literal('pointed'), content: count, token: v.nullable(count) }),
]);
export type ToPage = v.InferOutput<typeof toPage>;
