import { isLowSurrogate } from '../../text/isLowSurrogate.ts';
import type { Stretch } from './knownScores.ts';

/**
 * The UTF-16 units of a block. A document is read from the beginning of the block before the requested one, and the
 * engine reads that in windows. So a token has its whole context before it, and no request is long.
 */
const blockUnits = 32 * 1024;

/**
 * From where on a document is read to know a stretch of it. The answer is the same for every stretch of a block, so
 * that what was read once can be used again, and lies at the beginning of a line if the line is not too long.
 */
export function blockOf(document: string, { start }: Stretch): { base: number } {
  const block = Math.max(0, Math.floor(start / blockUnits) - 1) * blockUnits;
  if (block === 0) return { base: 0 };
  const line = document.indexOf('\n', block) + 1;
  if (line > 0 && line < block + blockUnits / 2) return { base: line };
  return { base: isLowSurrogate(document, block) ? block + 1 : block };
}
