import { tokenName } from '../../../text/pieceNames.ts';
import { quoted } from '../../../text/visible.ts';
import { label, wrapped } from './label.ts';
import { element, moved, picture } from './svg.ts';
import { type Grid, gridFor, type HeadRows, thumbnails } from './thumbnails.ts';

/** All texts are escaped when they are drawn; tokens are put in quotes. */
export interface CardInput extends HeadRows {
  title: string;
  /** Describes the thumbnails. */
  caption: string;
  /** The head that is looked at gets a frame. */
  chosen: { layer: number; head: number } | null;
  nextTitle: string;
  /** What the model expects after the query, the most probable first; five are shown. */
  next: readonly { text: string; name?: string; probability: number; probabilityText: string }[];
  /** The editor's. */
  fontFamily: string;
}

/**
 * The card has no colours of its own: each of its two pictures is a mask through which a colour of the theme shows. So
 * it suits every theme and changes with it.
 */
export interface Card {
  layout: CardLayout;
  width: number;
  height: number;
  /** SVG: texts and frames. */
  ink: string;
  /** SVG: thumbnails and bars. */
  heat: string;
}

const padding = 10;
/**
 * For each layout the widths, whether the next tokens are below the thumbnails (stacked) or beside them, how many they
 * are, how high and fine the thumbnails are, and how long the caption.
 */
const layouts = {
  wide: {
    width: 420,
    thumbnails: 234,
    gridHeight: 156,
    next: 150,
    mostNext: 5,
    stacked: false,
    bins: 16,
    caption: 3,
  },
  /** For text that is not as wide as that. Less fine, because all cards are sent to the editor. */
  narrow: {
    width: 230,
    thumbnails: 210,
    gridHeight: 156,
    next: 210,
    mostNext: 5,
    stacked: true,
    bins: 8,
    caption: 3,
  },
  /** For little room below the query. */
  low: {
    width: 420,
    thumbnails: 234,
    gridHeight: 48,
    next: 150,
    mostNext: 2,
    stacked: false,
    bins: 8,
    caption: 0,
  },
} as const;
type Layout = keyof typeof layouts;
/** In `line` are the next tokens only. */
export type CardLayout = Layout | 'line';
/** Room beside the thumbnails for the numbers of the layers. */
const margin = 18;
const sizes = { title: 12, text: 11, caption: 10, number: 8.5 };
const gridTop = 40;
const nextPitch = 22;
const captionPitch = 13;

/** Draws every layout: only the browser knows which one fits. */
export function drawCards(input: CardInput): Card[] {
  return [...(Object.keys(layouts) as Layout[]).map((layout) => drawCard(input, layout)), drawLine(input)];
}

export function drawCard(input: CardInput, name: Layout): Card {
  const layout = layouts[name];
  const { width } = layout;
  const inner = width - 2 * padding;
  const grid = gridFor(input, layout.thumbnails - margin, layout.gridHeight, layout.bins);
  const gridBottom = gridTop + input.layers * grid.pitch.y;
  const next = input.next.slice(0, layout.mostNext);
  const [nextLeft, nextTop] = [width - padding - layout.next, layout.stacked ? gridBottom + 8 : 27];
  const captionTop = Math.max(gridBottom, nextTop + 16 + next.length * nextPitch) + 4;
  const caption = layout.caption > 0 ? wrapped(input.caption, inner, sizes.caption, layout.caption) : [];
  const height = captionTop + caption.length * captionPitch + 5;
  const inGrid = (content: string) => moved(padding + margin, gridTop, content);
  const inNext = (content: string) => moved(nextLeft, nextTop, content);
  const quiet = { opacity: 0.8 };
  const ink = [
    label(input.title, padding, 8, inner, { size: sizes.title, weight: 600 }),
    inGrid(numbers(input, grid) + frame(input, grid)),
    label(input.nextTitle, nextLeft, nextTop, layout.next, { size: sizes.text, ...quiet }),
    inNext(next.map((one, row) => nextTexts(one, row, layout)).join('')),
    ...caption.map((line, i) =>
      label(line, padding, captionTop + i * captionPitch, inner, { size: sizes.caption, ...quiet }),
    ),
  ].join('');
  const heat = inGrid(thumbnails(input, grid)) + inNext(nextBars(next, layout.next));
  return {
    layout: name,
    width,
    height,
    ink: picture(width, height, element('g', { 'font-family': input.fontFamily }, ink)),
    heat: picture(width, height, heat),
  };
}

/** The numbers of layers and heads, from 0; only some of them if there is no room for all. */
function numbers({ layers, heads }: HeadRows, { pitch, strip }: Grid): string {
  const some = (count: number, pitch: number, needed: number) => {
    const step = [1, 2, 4, 5, 10, 20, 50].find((step) => step * pitch >= needed) ?? 100;
    return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
  };
  const style = { size: sizes.number, opacity: 0.8 };
  const room = 24;
  return [
    ...some(layers, pitch.y, 9).map((layer) => {
      const y = layer * pitch.y + strip.height / 2 - 5.5;
      return label(String(layer), -5 - room, y, room, { ...style, anchor: 'end' });
    }),
    ...some(heads, pitch.x, 14).map((head) => {
      const x = head * pitch.x + (strip.width - room) / 2;
      return label(String(head), x, -12.5, room, { ...style, anchor: 'middle' });
    }),
  ].join('');
}

function frame({ chosen }: CardInput, { pitch, strip }: Grid): string {
  if (!chosen) return '';
  return element('rect', {
    x: chosen.head * pitch.x - 1.5,
    y: chosen.layer * pitch.y - 1.5,
    width: strip.width + 3,
    height: strip.height + 3,
    fill: 'none',
    stroke: '#000',
    'stroke-width': 1.5,
  });
}

function nextTexts(
  { probabilityText, ...token }: CardInput['next'][number],
  row: number,
  { next }: Pick<(typeof layouts)[Layout], 'next'>,
): string {
  const y = 17 + row * nextPitch;
  const share = 48;
  const style = { size: sizes.text };
  return (
    label(quoted(tokenName(token)), 0, y, next - share, style) +
    label(probabilityText, next - share, y, share, { ...style, anchor: 'end' })
  );
}

/** The longest bar is as wide as the column. */
function nextBars(next: CardInput['next'], width: number): string {
  const most = Math.max(...next.map(({ probability }) => probability));
  return next
    .map(({ probability }, row) => {
      const length = most > 0 ? Math.max(1, (width * probability) / most) : 1;
      return element('rect', { y: 31 + row * nextPitch, width: length, height: 3 });
    })
    .join('');
}

/** The next tokens on one line. */
function drawLine({ nextTitle, next, fontFamily }: CardInput): Card {
  const { width } = layouts.wide;
  const height = 20;
  const tokens = next.map((token) => `${quoted(tokenName(token))} ${token.probabilityText}`);
  const text = label([nextTitle, ...tokens].join('  '), padding, 3, width - 2 * padding, {
    size: sizes.text,
  });
  const ink = picture(width, height, element('g', { 'font-family': fontFamily }, text));
  return { layout: 'line', width, height, ink, heat: '' };
}
