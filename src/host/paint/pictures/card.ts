import type { ThemableDecorationInstanceRenderOptions } from 'vscode';
import { tokenName } from '../../../text/pieceNames.ts';
import { quoted } from '../../../text/visible.ts';
import { bottom, planes, query, top, view } from './anchors.ts';
import { besideText, type Declarations, themeColour } from './css.ts';
import { label, wrapped } from './label.ts';
import { cssUrl, element, moved, picture } from './svg.ts';
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
  layout: LayoutName;
  width: number;
  height: number;
  /** SVG: texts and frames. */
  ink: string;
  /** SVG: thumbnails and bars. */
  heat: string;
}

const padding = 10;
/**
 * For each layout the widths, whether the next tokens are below the thumbnails (stacked) or beside them, and how fine
 * the thumbnails are.
 */
const layouts = {
  wide: { width: 420, thumbnails: 234, next: 150, stacked: false, bins: 16 },
  /** For text that is not as wide as that. Less fine, because both cards are sent to the editor. */
  narrow: { width: 230, thumbnails: 210, next: 210, stacked: true, bins: 8 },
} as const;
export type LayoutName = keyof typeof layouts;
type Layout = (typeof layouts)[LayoutName];
/** Room beside the thumbnails for the numbers of the layers. */
const margin = 18;
const sizes = { title: 12, text: 11, caption: 10, number: 8.5 };
const gridTop = 40;
const mostGridHeight = 156;
const nextPitch = 22;
const mostNext = 5;
const captionPitch = 13;
const mostCaptionLines = 3;

/** Draws both layouts: only the browser knows which one fits. */
export function drawCards(input: CardInput): Card[] {
  return [drawCard(input, 'wide'), drawCard(input, 'narrow')];
}

export function drawCard(input: CardInput, name: LayoutName): Card {
  const layout = layouts[name];
  const { width } = layout;
  const inner = width - 2 * padding;
  const grid = gridFor(input, layout.thumbnails - margin, mostGridHeight, layout.bins);
  const gridBottom = gridTop + input.layers * grid.pitch.y;
  const next = input.next.slice(0, mostNext);
  const [nextLeft, nextTop] = [width - padding - layout.next, layout.stacked ? gridBottom + 8 : 27];
  const captionTop = Math.max(gridBottom, nextTop + 16 + next.length * nextPitch) + 4;
  const caption = wrapped(input.caption, inner, sizes.caption, mostCaptionLines);
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
  const heat = inGrid(thumbnails(input, grid)) + inNext(nextBars(next, layout));
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
  layout: Layout,
): string {
  const y = 17 + row * nextPitch;
  const share = 48;
  const style = { size: sizes.text };
  return (
    label(quoted(tokenName(token)), 0, y, layout.next - share, style) +
    label(probabilityText, layout.next - share, y, share, { ...style, anchor: 'end' })
  );
}

/** The longest bar is as wide as the column. */
function nextBars(next: CardInput['next'], layout: Layout): string {
  const most = Math.max(...next.map(({ probability }) => probability));
  return next
    .map(({ probability }, row) => {
      const length = most > 0 ? Math.max(1, (layout.next * probability) / most) : 1;
      return element('rect', { y: 31 + row * nextPitch, width: length, height: 3 });
    })
    .join('');
}

/**
 * The card below the query token, or above it if there is only room above. It stays within the text's width and lets
 * clicks through. Each decoration needs an empty range in `hangingColumn`.
 */
export function cardLayers({ ink, heat, ...size }: Card): ThemableDecorationInstanceRenderOptions[] {
  const place = placement(size);
  const ground = themeColour('editorHoverWidget.background');
  const layer = (order: number, declarations: Declarations) =>
    besideText({ ...place, 'z-index': String(planes.card + order), ...declarations });
  const stencil = (order: number, svg: string, colour: string) =>
    layer(order, { background: themeColour(colour), mask: `${cssUrl(svg)} 0 0 / 100% auto no-repeat` });
  return [
    {
      before: layer(0, {
        // Opaque even if the theme's colour is not.
        background: `linear-gradient(${ground}, ${ground}) ${themeColour('editor.background')}`,
        outline: `1px solid ${themeColour('editorHoverWidget.border')}`,
        // The editor cuts off what is beyond its left edge.
        'outline-offset': '-1px',
        'box-shadow': `0 2px 8px ${themeColour('widget.shadow')}`,
        'border-radius': '3px',
      }),
      after: stencil(1, heat, 'whytoken.attentionBorder'),
    },
    { after: stencil(2, ink, 'editorHoverWidget.foreground') },
  ];
}

function placement({ layout, width, height }: Omit<Card, 'ink' | 'heat'>): Declarations {
  const widest = layouts.wide.width;
  const [left, right] = [`anchor(${view} left, 0px)`, `anchor(${view} right, ${widest}px)`];
  const room = `(${right} - ${left})`;
  // Positive if the other layout is the one that fits.
  const misfit = layout === 'wide' ? `${widest}px - ${room}` : `${room} - ${widest - 1}px`;
  const actual = `min(${width}px, ${room})`;
  // Out of sight if the query is not on the screen.
  const at = (side: string) => `anchor(${query} ${side}, -9999px)`;
  // If lines are not wrapped, the text may be wider than the editor.
  const last = `min(${right}, ${left} + 60vw) - ${actual}`;
  const [above, below] = [`${at('top')} - ${height + 2}px`, `${at('bottom')} + 2px`];
  const roomBelow = `anchor(${bottom} bottom, 1e6px) - ${height + 2}px - ${at('bottom')}`;
  const lackAbove = `anchor(${top} top, 1e6px) + ${height + 1}px - ${at('top')}`;
  return {
    position: 'fixed',
    'pointer-events': 'none',
    width: `min(${width}px, anchor-size(${view} width, ${width}px))`,
    'aspect-ratio': `${width} / ${height}`,
    // The large factor makes a step: the card is far out of sight if it does not fit.
    left: `calc(max(${left}, min(${at('left')}, ${last}), ${at('right')} - ${actual}) - 1000 * max(0px, ${misfit}))`,
    // The large factor makes a step: the card is above the query if both values are negative.
    top: `max(${above}, min(${below}, ${below} + 1000 * max(${roomBelow}, ${lackAbove})))`,
  };
}
