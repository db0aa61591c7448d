import { levels } from './level.ts';

/** The bands of GLTR (Gehrmann et al. 2019), one below the other: top 1, 10, 100 and 1,000. As far apart as levels go. */
const bands = [
  { upTo: 1, level: 0 },
  { upTo: 10, level: 1 },
  { upTo: 100, level: 3 },
  { upTo: 1000, level: 5 },
] as const;

/** The colour of a rank, from 0 for the model's own favourite to `levels` beyond the thousand most expected. */
export function bandOf(rank: number): number {
  return bands.find(({ upTo }) => rank <= upTo)?.level ?? levels;
}

/** Pixels of the line under a surprising token: another number for each band, none for what was nearly expected. */
export function surprisalLine(level: number): number {
  return Math.floor(level / 2);
}
