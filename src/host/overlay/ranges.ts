import type { DisplayToken } from '../../text/displayTokens.ts';
import type { TokenGroup } from '../../text/granularity.ts';
import type { Piece } from '../../text/parts.ts';

/** Where a group stands: one range for each run of its tokens that touch. */
export function rangesOfGroup({ tokens: indices }: TokenGroup, tokens: readonly DisplayToken[]): Piece[] {
  const pieces: Piece[] = [];
  for (const index of indices) {
    const { start, end } = tokens[index]!;
    const last = pieces.at(-1);
    if (last?.end === start) last.end = end;
    else pieces.push({ start, end });
  }
  return pieces;
}
