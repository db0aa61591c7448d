/** From numbers to colours: one scale for all maps of the panels. */
import type { ColourName, Colours } from './colours.ts';

export interface Scale {
  /** `sequential`: from 0 to `most`; `diverging`: from −`most` over 0 to `most`. */
  kind: 'sequential' | 'diverging';
  most: number;
  colour?: ColourName;
  /** Less is drawn as 0. */
  least?: number;
  /** In proportion: not with the square root, as a sequential scale goes otherwise. */
  isLinear?: boolean;
}

export const levels = 256;
/** The last level is that of what is not known: NaN. */
const unknown = levels - 1;
/** An even number of steps, so that 0 has a level of its own in the middle of a diverging scale. */
const fullLevel = levels - 2;

type Rgb = readonly [number, number, number];

/** `#rgb`, `#rrggbb` and `rgb(…)`, as themes give them. */
export function rgbOf(colour: string): Rgb {
  const hex = /^#([\da-f]{3,8})$/i.exec(colour.trim())?.[1];
  if (hex) {
    const full = hex.length < 6 ? Array.from(hex.slice(0, 3), (digit) => digit + digit).join('') : hex;
    return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16)) as unknown as Rgb;
  }
  const [red = 128, green = 128, blue = 128] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [red, green, blue];
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((channel, i) => Math.round(channel + (to[i]! - channel) * share)) as unknown as Rgb;
}

/**
 * A colour for each of 256 levels, opaque, from the background to the full colour; the last one is a grey for what is not
 * known. Sequential scales go with the square root, as most weights of an attention map are small.
 */
export function lookup(scale: Scale, colours: Colours): Uint8ClampedArray {
  const table = new Uint8ClampedArray(levels * 4);
  const background = rgbOf(colours.background);
  for (let level = 0; level < levels; level++) {
    table.set([...colourAt(level, scale, background, colours), 255], level * 4);
  }
  return table;
}

function colourAt(
  level: number,
  { kind, colour = 'attention' }: Scale,
  background: Rgb,
  colours: Colours,
): Rgb {
  if (level === unknown) return mixed(background, rgbOf(colours.muted), 0.25);
  if (kind === 'sequential') return mixed(background, rgbOf(colours[colour]), level / fullLevel);
  const middle = fullLevel / 2;
  const share = (level - middle) / middle;
  return mixed(background, rgbOf(share < 0 ? colours.against : colours.for), Math.abs(share));
}

/** A whole number from 0 to 255: the entry of the {@link lookup}. */
export function levelOf(value: number, { kind, most, least = 0, isLinear }: Scale): number {
  if (Number.isNaN(value)) return unknown;
  const isNothing = !(most > 0) || Math.abs(value) < least;
  const share = isNothing ? 0 : Math.min(1, Math.abs(value) / most);
  if (kind === 'sequential') return Math.round((isLinear ? share : Math.sqrt(share)) * fullLevel);
  const middle = fullLevel / 2;
  const distance = Math.round(share * middle);
  return value < 0 ? middle - distance : middle + distance;
}

/** The one of two colours that is read better on a value's colour (WCAG 2, contrast ratio). */
export function readableOn(value: number, scale: Scale, colours: Colours): string {
  const ground = luminance(colourAt(levelOf(value, scale), scale, rgbOf(colours.background), colours));
  const contrast = (colour: string) => {
    const text = luminance(rgbOf(colour));
    return (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
  };
  const { foreground, background } = colours;
  return contrast(foreground) >= contrast(background) ? foreground : background;
}

/** Relative luminance, from 0 to 1 (WCAG 2). */
function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function cssColour(value: number, scale: Scale, colours: Colours): string {
  const [red, green, blue] = colourAt(levelOf(value, scale), scale, rgbOf(colours.background), colours);
  return `rgb(${red}, ${green}, ${blue})`;
}
