/** The inputs that the decode and the gradient graph have for what was read before. */
import type { KeyValueCache } from './keyValueCache.ts';
import type { Ort, Tensor } from './runtime.ts';
import { floats, range } from './tensors.ts';

/** The first `past` time steps of the cache, seen by the steps up to `end`; nothing when there is no past. */
export function pastFeeds(ort: Ort, cache: KeyValueCache, past: number, end: number): Record<string, Tensor> {
  if (past === 0) return {};
  const feeds: Record<string, Tensor> = { key_positions: range(ort, 0, end) };
  for (let layer = 0; layer < cache.layers; layer++) {
    const { keys, values } = cache.view(layer, past);
    feeds[`past_keys.${layer}`] = floats(ort, keys, [past, cache.width]);
    feeds[`past_values.${layer}`] = floats(ort, values, [past, cache.width]);
  }
  return feeds;
}
