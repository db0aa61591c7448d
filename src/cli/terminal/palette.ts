/**
 * Colours that are readable on light and on dark terminals: their lightness is medium, and stronger ones are more
 * saturated. Everybody can tell blue from orange; negative scores are also underlined.
 */
import type { ChalkInstance } from 'chalk';
import { levels } from '../../text/level.ts';
import type { Paint } from './flow.ts';

type Rgb = readonly [red: number, green: number, blue: number];

const grey: Rgb = [112, 112, 112];
// White is readable on both, also as they look with 256 colours.
const forColour: Rgb = [0, 76, 204];
const againstColour: Rgb = [178, 76, 0];
/** Saturation of the weakest colour: enough to show its sign. */
const weakest = 0.3;

/** Ranks up to each of these share a colour. The last one is for all others. */
export const rankBands = [1, 10, 100, 1000, Number.POSITIVE_INFINITY] as const;

/** From expected (no colour) to surprising, in the order of cividis: its lightness grows with the surprise. */
const bandColours: readonly (Rgb | null)[] = [
  null,
  [49, 68, 107],
  [102, 105, 112],
  [165, 156, 116],
  [255, 234, 70],
];

/** @param level see levelOf */
export function paintLevel(chalk: ChalkInstance, level: number): Paint {
  if (level === 0 || chalk.level === 0) return plain;
  const strength = weakest + ((1 - weakest) * Math.abs(level)) / levels;
  const painted = onBackground(chalk, mix(grey, level > 0 ? forColour : againstColour, strength));
  return level > 0 ? painted : (text) => painted(chalk.underline(text));
}

export function paintBar(chalk: ChalkInstance, score: number): Paint {
  return (text) => chalk.rgb(...(score < 0 ? againstColour : forColour))(text);
}

/** @param rank null: not known */
export function paintRank(chalk: ChalkInstance, rank: number | null): Paint {
  const band = rankBands.findIndex((most) => (rank ?? 1) <= most);
  const colour = bandColours[band];
  if (!colour || chalk.level === 0) return plain;
  const painted = onBackground(chalk, colour);
  return rankBands[band] === Number.POSITIVE_INFINITY ? (text) => painted(chalk.underline(text)) : painted;
}

function plain(text: string): string {
  return text;
}

function onBackground(chalk: ChalkInstance, colour: Rgb): Paint {
  // ITU-R BT.601: how light the colour looks.
  const lightness = 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2];
  const foreground: Rgb = lightness > 140 ? [0, 0, 0] : [255, 255, 255];
  return chalk.bgRgb(...colour).rgb(...foreground);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}
