/**
 * What the extension host and a panel's page say to each other, whatever the panel shows. Both sides check what they
 * receive, because a page can be made to send anything. A page can name no path and no command: it asks the questions of
 * its panel, gives its orders, and points at tokens.
 */
import * as v from 'valibot';
import { count } from '../results/common.ts';

/** A question by its name: what it is asked with, and what the answer is. */
interface QuestionKind {
  params: v.GenericSchema;
  answer: v.GenericSchema;
}

/** What is special about a panel. */
export interface PanelProtocol {
  /** What it shows at first. */
  content: v.GenericSchema;
  /** What its page can ask for when a person wants to see it. Every question is answered or refused. */
  questions: Readonly<Record<string, QuestionKind>>;
  /** What a person wants done elsewhere; nothing comes back but what changes. */
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

/** What a page's words look like: by their names, in the editor's language, with {0} for what is put in. */
const labels = v.record(v.string(), v.string());
export type Labels = v.InferOutput<typeof labels>;

/** Characters of an export: self-contained pages with a picture of 1,024 tokens have a few million. */
export const longestExport = 32 * 1024 * 1024;

export const fromPage = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('ask'), id: count, name: v.string(), params: v.unknown() }),
  /** Nobody waits for the answer any more. */
  v.object({ type: v.literal('drop'), id: count }),
  /** A token of the content with this number is hovered or focused; null: no longer. */
  v.object({ type: v.literal('point'), content: count, token: v.nullable(count) }),
  v.object({ type: v.literal('order'), content: count, order: v.unknown() }),
  /** To a file that the person chooses. `data`: text, or base64 where the extension is that of a picture in bytes. */
  v.object({
    type: v.literal('save'),
    extension: v.picklist(['svg', 'png', 'html', 'csv', 'json']),
    data: v.pipe(v.string(), v.maxLength(longestExport)),
  }),
  v.object({ type: v.literal('copy'), text: v.pipe(v.string(), v.maxLength(longestExport)) }),
]);
export type FromPage = v.InferOutput<typeof fromPage>;

export const toPage = v.variant('type', [
  /** Answers `ready`, and comes again whenever something else is to be shown. `number` is what messages name it by. */
  v.object({ type: v.literal('show'), number: count, locale: v.string(), labels, content: v.unknown() }),
  v.object({ type: v.literal('partial'), id: count, answer: v.unknown() }),
  v.object({ type: v.literal('answer'), id: count, answer: v.unknown() }),
  v.object({ type: v.literal('failed'), id: count, message: v.string() }),
  /** A token is pointed at in the editor. */
  v.object({ type: v.literal('pointed'), content: count, token: v.nullable(count) }),
]);
export type ToPage = v.InferOutput<typeof toPage>;
