import { EngineError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';

/**
 * To be called before numbers for all tokens by all tokens are held, because a context of 32,768 tokens makes 4 GB of one map.
 * @param maps how many of them at once; a triangle is half a map
 * @throws EngineError `map-too-large`
 */
export function checkSquares(maps: number, tokens: number): void {
  const bytes = maps * tokens ** 2 * Float32Array.BYTES_PER_ELEMENT;
  if (bytes <= limits.mapBytes) return;
  const most = Math.floor(Math.sqrt(limits.mapBytes / (maps * Float32Array.BYTES_PER_ELEMENT)));
  throw new EngineError('map-too-large', { tokens, bytes, most });
}
