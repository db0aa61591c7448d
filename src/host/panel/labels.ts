import { receiptTexts } from '../../text/telling/receipt.ts';

export type LabelTexts = Readonly<Record<string, string>>;

/** The words of all panels' pages, in English. Plain data, so that pages can be tried without an editor. */
export const commonLabels: LabelTexts = {
  // The page asks for these by the text itself: see `say` in src/text/telling/telling.ts.
  ...Object.fromEntries(Object.values(receiptTexts).map((text) => [text, text])),
  stale: 'The text has been changed since.',
  readAgain: 'Read Again',
  reading: 'Reading…',
  export: 'Export',
  copyMarkdown: 'Copy as Markdown',
  reducedTo: 'A finer picture would be too large: {0} has {1} × {2} pixels.',
  tooLarge: '{0} would be too large: nothing was saved.',
  asTable: 'As a table',
  more: 'Show {0} more',
  receipt: 'Receipt',
  token: 'Token',
  mapHelp: 'The arrow keys move, + and − zoom.',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  stillBefore: 'Not updated yet: {0}',
  dropped: '{0} tokens at the front did not fit into the context and were not read.',
};
