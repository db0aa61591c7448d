import type { ThemableDecorationInstanceRenderOptions } from 'vscode';
import { measure, planes, query, top, view } from './anchors.ts';
import type { Card, CardLayout } from './card.ts';
import { besideText, type Declarations, themeColour } from './css.ts';
import { cssUrl } from './svg.ts';

/**
 * Where the cards are: each is drawn, and all but the one that fits are out of sight. No place hides a token that an arc
 * comes from. The first that has room is taken:
 *
 * 1. beside the text, where the lines near the query are short,
 * 2. below the query, since tokens are attended to by later ones only,
 * 3. above it, if no such token is on the lines that are hidden there,
 * 4. below it with less in the card,
 * 5. the next tokens alone, on one line below the query or to the right of it.
 *
 * Each card needs two empty ranges at the query's end, the line four.
 * @param columns of the longest line near the query
 */
export function cardLayers(
  cards: readonly Card[],
  columns: number,
): ThemableDecorationInstanceRenderOptions[] {
  const sizes = Object.fromEntries(cards.map(({ layout, width, height }) => [layout, { width, height }]));
  return placesOf(sizes as Sizes, columns).flatMap(({ layout, place }) => {
    const card = cards.find((one) => one.layout === layout)!;
    return layers(card, place);
  });
}

type Size = Pick<Card, 'width' | 'height'>;
type Sizes = Record<CardLayout, Size>;

/** A length for whether another is at least 0: 1px or 0px. */
const isRoom = (length: string): string => `clamp(0px, (${length} + 0.5px) * 10, 1px)`;
const not = (is: string) => `(1px - ${is})`;
/** Out of sight, if one of the lengths is 1px. */
const unless = (...lengths: string[]) => lengths.map((length) => ` - 99999 * ${length}`).join('');

const at = (side: string) => `anchor(${query} ${side}, -99999px)`;
const leftEdge = `anchor(${view} left, 0px)`;

function placesOf(sizes: Sizes, columns: number): { layout: CardLayout; place: Declarations }[] {
  const { wide, narrow, low, line } = sizes;
  const { width: room, below, gap } = measure;
  const isWide = isRoom(`${room} - ${wide.width}px`);
  const textEnd = `${columns} * 1ch`;
  const beside = (width: number) => `${room} - ${textEnd} - ${width}px`;
  const roomBelow = (height: number) => `${measure.room} - ${height}px`;
  const firstLine = `anchor(${top} top, -1e6px)`;

  /** Whether a card with everything fits beside the query's lines, below it, above it. */
  const fits = ({ width, height }: Size) => ({
    beside: isRoom(beside(width)),
    below: isRoom(roomBelow(height)),
    above: isRoom(`${gap} - ${height + 2}px`),
  });
  const full = (layout: 'wide' | 'narrow', isFitting: string) => {
    const { width, height } = sizes[layout];
    const fit = fits(sizes[layout]);
    const left = `max(${nearQuery(width)}, ${leftEdge} + ${textEnd}${unless(not(fit.beside))})`;
    const places = [
      `max(${firstLine}, min(${at('top')}, ${below} + ${roomBelow(height)}))${unless(not(fit.beside))}`,
      `${below}${unless(fit.beside, not(fit.below))}`,
      `${at('top')} - ${height + 2}px${unless(fit.beside, fit.below, not(fit.above))}`,
    ];
    const topEdge = `max(${places.join(', ')})${unless(not(isFitting))}`;
    const ratio = { height: 'auto', 'aspect-ratio': `${width} / ${height}` };
    return { layout, place: { ...box(sizes[layout], left, topEdge), ...ratio } };
  };
  const [isLow, isLineBelow] = [isRoom(roomBelow(low.height)), isRoom(roomBelow(line.height))];
  const anyOf = (size: Size, ...more: string[]) =>
    `max(${[...Object.values(fits(size)), ...more].join(', ')})`;
  const isCard = `max(min(${isWide}, ${anyOf(wide, isLow)}), min(${not(isWide)}, ${anyOf(narrow)}))`;
  const behind = `${at('right')} + 8px`;
  const isLineBehind = isRoom(`anchor(${view} right, 0px) - ${behind} - 120px`);
  const { width: mostWidth, ...lineBox } = box(
    line,
    `${behind}${unless(not(isLineBehind))}`,
    `${at('top')}${unless(isCard, isLineBelow)}`,
  );
  return [
    full('wide', isWide),
    full('narrow', not(isWide)),
    {
      layout: 'low',
      place: box(low, nearQuery(low.width), `${below}${unless(not(isWide), anyOf(wide), not(isLow))}`),
    },
    {
      layout: 'line',
      place: box(line, nearQuery(line.width), `${below}${unless(isCard, not(isLineBelow))}`),
    },
    { layout: 'line', place: { ...lineBox, 'max-width': mostWidth!, right: `anchor(${view} right, 0px)` } },
  ];
}

/** Within what is in sight, and as far to the left as the query allows. */
function nearQuery(width: number): string {
  const actual = `min(${width}px, ${measure.width})`;
  // If lines are not wrapped, the text may be wider than the editor.
  const last = `${leftEdge} + ${measure.width} - ${actual}`;
  return `max(${leftEdge}, min(${at('left')}, ${last}), ${at('right')} - ${actual})`;
}

function box({ width, height }: Size, left: string, top: string): Declarations {
  return {
    position: 'fixed',
    'pointer-events': 'none',
    width: `min(${width}px, ${measure.width})`,
    height: `${height}px`,
    left: `calc(${left})`,
    top: `calc(${top})`,
  };
}

/**
 * A card has no colours of its own: each of its pictures is a mask through which a colour of the theme shows.
 */
function layers({ layout, heat, ink }: Card, place: Declarations): ThemableDecorationInstanceRenderOptions[] {
  const ground = themeColour('editorHoverWidget.background');
  const layer = (order: number, declarations: Declarations) =>
    besideText({ ...place, 'z-index': String(planes.card + order), ...declarations });
  // The line is cut where its room ends, a card becomes smaller.
  const fit = layout === 'line' ? 'auto' : '100%';
  const stencil = (order: number, svg: string, colour: string) =>
    layer(order, { background: themeColour(colour), mask: `${cssUrl(svg)} 0 0 / ${fit} auto no-repeat` });
  const paper = layer(0, {
    // Opaque even if the theme's colour is not.
    background: `linear-gradient(${ground}, ${ground}) ${themeColour('editor.background')}`,
    outline: `1px solid ${themeColour('editorHoverWidget.border')}`,
    // The editor cuts off what is beyond its left edge.
    'outline-offset': '-1px',
    'box-shadow': `0 2px 8px ${themeColour('widget.shadow')}`,
    'border-radius': '3px',
  });
  const text = stencil(2, ink, 'editorHoverWidget.foreground');
  if (heat === '') return [{ before: paper, after: text }];
  return [{ before: paper, after: stencil(1, heat, 'whytoken.attentionBorder') }, { after: text }];
}
