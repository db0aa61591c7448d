import { levels } from './level.ts';

/** The bands of GLTR (Gehrmann et al. 2019), one below the other: top 1, 10, 100 and 1,000. */
const bands = [
  { upTo: 1, level: 0 },
  { upTo: 10, level: 2 },
  { upTo: 100, level: 4 },
  { upTo: 1000, level: 6 },
] as const;

/** The colour of a rank, from 0 for the model's own favourite to `levels` beyond the thousand most expected. */
export function bandOf(rank: number): number {
  return bands.find(({ upTo }) => rank <= upTo)?.level ?? levels;
}
