import type { DecorationRenderOptions } from 'vscode';
import { behindText, type Declarations } from './css.ts';
import { ringLook } from './ring.ts';

/**
 * The places to which pictures are attached: CSS anchors behind the text. What is attached to them follows word wrap,
 * zoom, edits and scrolling without being painted again. They are behind the text and not in it, because an anchor must
 * come before its attached elements in the page, and once the editor was scrolled, lines of text come in any order
 * there.
 */

/** The most keys that arcs are drawn from. More would clutter the text. */
export const maxKeys = 12;

export const query = '--whytoken-query';
export const view = '--whytoken-view';
export const top = '--whytoken-top';
export const bottom = '--whytoken-bottom';
export const key = (slot: number): string => `--whytoken-key-${slot}`;

const slots = Array.from({ length: maxKeys }, (_, slot) => slot);

/** Stacking order of what is drawn; the text is at 0. */
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
  /** Empty ranges, in {@link hangingColumn}, with the `renderOptions` of arcs and of the card. */
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
 * While a decoration type with this style exists, each editor keeps the anchors' names to itself, so that two editors
 * can show the same document. The colours behind the text get a plane of their own, so that arcs are in front of them,
 * and a name for their area.
 */
function inEveryEditor(): string {
  const names = [query, view, top, bottom, ...slots.map(key)].join(', ');
  const plane = `& .view-overlays { anchor-name: ${view}; z-index: ${planes.colours} }`;
  // Its size is set by the editor: inside, 100cqw and 100cqh are what is in sight.
  const frame = '& .editor-scrollable { container-type: size }';
  const lengths = Object.entries(measures).map(([name, length]) => `${name}: ${length}`);
  return `.monaco-editor:not(&) { anchor-scope: ${names}; ${lengths.join('; ')}; ${plane} ${frame} }`;
}

/** The room that arcs of keys on the query's own line take above it, or below it where nothing is in sight above. */
export const archRoom = '1lh';
/**
 * Positive where the query is on the first line in sight, for `top` and `bottom`. Where there is no such line, nothing
 * is known of it.
 */
export const lackAboveQuery = `(anchor(${top} top, -1e6px) + 0.7lh - anchor(${query} top, -9999px))`;

/**
 * Lengths that several pictures need, as custom properties: what is in them is measured where they are used. A property
 * sees the anchors of its own axis only, so the first is for all, the others for `top` and `bottom`.
 */
export const measure = {
  /** How wide the text's part in sight is, beside the scroll bar. */
  width: 'var(--whytoken-width)',
  /** Upper edge of what is below the query. */
  below: 'var(--whytoken-below)',
  /** From there to the last line in sight, or to the editor's lower edge. */
  room: 'var(--whytoken-room)',
  /** From the query upwards to the first key on a line above it, or to the first line in sight. */
  gap: 'var(--whytoken-gap)',
};

const measures: Declarations = {
  '--whytoken-width': `min(anchor-size(${view} width, 100cqw), 100cqw - 14px)`,
  '--whytoken-below': `(anchor(${query} bottom, -9999px) + 2px + clamp(0px, 1000 * ${lackAboveQuery}, ${archRoom}))`,
  '--whytoken-room': `(max(anchor(${bottom} bottom, -1e6px), anchor(${top} top, 1e6px) + 100cqh - 1lh) - var(--whytoken-below))`,
  '--whytoken-gap': `min(anchor(${query} top, 0px) - anchor(${top} top, -1e6px), ${slots.map(keyAbove).join(', ')})`,
};

/** From the query up to a key. Far, if the key is on the query's own line or not there. */
function keyAbove(slot: number): string {
  const [start, end] = [`anchor(${key(slot)} top, -1e6px)`, `anchor(${key(slot)} bottom, -1e6px)`];
  const from = `anchor(${query} top, 0px)`;
  return `max(${from} - ${end}, 1e5 * (${start} - ${from} + 2px))`;
}

/** Letters written from right to left, and direction marks: Unicode's blocks for such scripts. */
const rightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * The column, in the query's last line, of the empty ranges whose decorations are attached to the anchors. The column
 * itself is not visible. Usually it is the query's end. But on a line with right-to-left letters an element inside the
 * text would reorder its words, and several elements at the end of a range would hide its colours. There it is an end
 * of the line that the query does not touch.
 * @param start,end the query's columns in the line, in UTF-16 units
 */
export function hangingColumn(line: string, start: number, end: number): number {
  if (!rightToLeft.test(line)) return end;
  return end < line.length || start === 0 ? line.length : 0;
}
