/** The rank bands, as the surprisal overlay colours them in the editor. */
import { levels } from '../../src/text/level.ts';
import { bandOf, surprisalLine } from '../../src/text/rankBand.ts';
import type { Colours } from '../base/colours.ts';
import { cssColour } from '../base/palette.ts';
import type { StripToken } from '../base/tokenStrip.ts';
import type { Wording } from './common.ts';

/** The largest rank of each band; the last has no end. */
export const bandEnds = [1, 10, 100, 1000, Number.POSITIVE_INFINITY] as const;

/** How a token of a rank looks: `null` has no rank. */
export function lookOf(rank: number | null, colours: Colours): Pick<StripToken, 'fill' | 'line'> {
  const level = rank === null ? 0 : bandOf(rank);
  const scale = { kind: 'sequential', most: levels, colour: 'surprisalFill', isLinear: true } as const;
  return {
    fill: level === 0 ? null : cssColour(level, scale, colours),
    line: { stroke: colours.surprisal, width: surprisalLine(level), dashed: false },
  };
}

/** As it is named: by its largest rank. */
export function bandName(end: number, { label, numbers }: Wording): string {
  return Number.isFinite(end) ? label('band', numbers.count(end)) : label('bandBeyond');
}

/** How many ranks lie in each band. */
export function bandCounts(ranks: readonly (number | null)[]): number[] {
  const counts = bandEnds.map(() => 0);
  for (const rank of ranks) if (rank !== null) counts[bandEnds.findIndex((end) => rank <= end)]! += 1;
  return counts;
}
