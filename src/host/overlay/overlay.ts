import type { Disposable, Event, MarkdownString, Position, Range, TextDocument, TextEditor } from 'vscode';
import type { AttentionPicture } from './attentionPicture.ts';

/** What can be shown on a text, one at a time. */
export const overlayIds = ['attribution', 'surprisal', 'attention', 'context'] as const;
export type OverlayId = (typeof overlayIds)[number];

/**
 * A colour with its line: contributions for and against, how unexpected a token is, how much it is attended to, how much a
 * prediction changes when its context reaches back to it.
 */
export const scales = ['for', 'against', 'surprisal', 'attention', 'context'] as const;
export type Scale = (typeof scales)[number];

export interface Mark {
  range: Range;
  scale: Scale;
  /** 1 to `levels` of src/text/level.ts. */
  level: number;
}

/** What is to be drawn on an editor. */
export interface Marks {
  tokens: readonly Mark[];
  /** Where two methods disagree on the sign. */
  hatched: readonly Range[];
  /** Quiet text behind everything else on a line. */
  words: { position: Position; text: string; details: MarkdownString } | null;
  /** The predicted place, if there is no token that could be outlined. */
  place: Range | null;
  /** The token that is explained. */
  target: Range | null;
  /** The token whose attention is shown. */
  query: Range | null;
  picture: AttentionPicture | null;
}

export const noMarks: Marks = {
  tokens: [],
  hatched: [],
  words: null,
  place: null,
  target: null,
  query: null,
  picture: null,
};

/** One way of looking at a text. It computes while it is shown on a document, and not before. */
export interface Overlay extends Disposable {
  readonly id: OverlayId;
  /** There is something else to draw on the editors of a document. */
  readonly onDidChange: Event<TextDocument>;
  /** Shows the overlay on the document; false if there is nothing to show, and nothing was begun. */
  show(document: TextDocument): void;
  hide(document: TextDocument): void;
  /** Its command came again: asks anew and says true if there is something else to ask by now; else it is taken away. */
  again?(document: TextDocument): boolean;
  marks(editor: TextEditor): Marks;
  /** What is shown, for the status item; empty while there is nothing to say. */
  headline(document: TextDocument): string;
  /** What its colours mean, as Markdown: for the status item’s tooltip. */
  legend?(document: TextDocument): string;
}
