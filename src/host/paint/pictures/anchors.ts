import type { DecorationRenderOptions } from 'vscode';
import { behindText } from './css.ts';
import { ringLook } from './ring.ts';

/**
 * The places that pictures hang on: CSS anchors behind the text. What hangs on them follows word wrap, zoom, edits and
 * scrolling without being painted again. They stand behind the text and not in it, because an anchor must come earlier in
 * the page than what hangs on it, and lines of text come in any order there once the editor was scrolled.
 */

/** How many keys arcs can be drawn from; more clutter the text. */
export const maxKeys = 12;

export const query = '--whytoken-query';
export const view = '--whytoken-view';
export const top = '--whytoken-top';
export const bottom = '--whytoken-bottom';
export const key = (slot: number): string => `--whytoken-key-${slot}`;

const slots = Array.from({ length: maxKeys }, (_, slot) => slot);

/** What is drawn in front of what; the text is at 0. */
export const planes = { colours: -2, arcs: -1, card: 10 };

/** The decoration types of an attention overlay, shared by all editors. */
export interface AttentionStyles {
  /** The query token, with a ring. */
  query: DecorationRenderOptions;
  /** The key token of each slot. A token can be in one slot only, and the query in none. */
  keys: DecorationRenderOptions[];
  /** Empty ranges at the beginning and at the end of what the editor shows, `visibleRanges`. */
  top: DecorationRenderOptions;
  bottom: DecorationRenderOptions;
  /** Empty ranges with the `renderOptions` of arcs and of the card, in {@link hangingColumn}. */
  hanging: DecorationRenderOptions;
}

export function attentionStyles(): AttentionStyles {
  return {
    query: behindText({ 'anchor-name': query, ...ringLook('whytoken.attentionBorder') }, inEveryEditor()),
    keys: slots.map((slot) => behindText({ 'anchor-name': key(slot) })),
    top: behindText({ 'anchor-name': top }),
    bottom: behindText({ 'anchor-name': bottom }),
    hanging: {},
  };
}

/**
 * As long as there is such a decoration type, each editor keeps the names to itself, so that two editors can show the
 * same document; and the colours behind the text, whose area gets a name, are on a plane of their own, so that arcs are
 * in front of them.
 */
function inEveryEditor(): string {
  const names = [query, view, top, bottom, ...slots.map(key)].join(', ');
  const plane = `& .view-overlays { anchor-name: ${view}; z-index: ${planes.colours} }`;
  return `.monaco-editor:not(&) { anchor-scope: ${names}; ${plane} }`;
}

/** Letters that are written from right to left, and the marks that say so: Unicode's blocks for such scripts. */
const rightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * Where in the query's last line the empty ranges belong whose decorations hang on the anchors; where they are does not
 * show. Usually it is the query's end. On a line with letters from right to left an element inside the text would
 * reorder its words, and several of them where a range begins or ends would hide that range's colours: there it is an
 * end of the line that the query does not touch.
 * @param start,end the query's columns in the line, in UTF-16 units
 */
export function hangingColumn(line: string, start: number, end: number): number {
  if (!rightToLeft.test(line)) return end;
  return end < line.length || start === 0 ? line.length : 0;
}
