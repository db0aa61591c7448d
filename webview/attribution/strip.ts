import type { Attributions } from '../../src/protocol/panels/attribution.ts';
import { largestOf, levelOf, levels } from '../../src/text/level.ts';
import type { Colours } from '../base/colours.ts';
import { cssColour, type Scale } from '../base/palette.ts';
import type { StripToken } from '../base/tokenStrip.ts';

const linear = { kind: 'sequential', most: 1, isLinear: true } as const;
const scales: Record<'for' | 'against', Scale> = {
  for: { ...linear, colour: 'forFill' },
  against: { ...linear, colour: 'againstFill' },
};

/** The tokens with the colours and lines that they have in the editor. */
export function stripOf({ tokens, signed }: Attributions, colours: Colours): StripToken[] {
  const largest = largestOf(tokens);
  return tokens.map(({ text, score, isOpposed = false }) => {
    const level = levelOf(signed ? score : Math.abs(score), largest, 1);
    const isAgainst = level < 0;
    const strength = Math.abs(level) / levels;
    return {
      text,
      hatched: isOpposed,
      fill: level === 0 ? null : cssColour(strength, isAgainst ? scales.against : scales.for, colours),
      line: {
        stroke: isAgainst ? colours.against : colours.for,
        width: level === 0 ? 0 : Math.ceil(3 * strength),
        dashed: isAgainst,
      },
    };
  });
}
