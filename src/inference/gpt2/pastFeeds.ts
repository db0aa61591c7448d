/** The inputs of a graph for what was read before. */
import type { KeyValueCache } from './keyValueCache.ts';
import type { Ort, Tensor } from './runtime.ts';
import { floats, range } from './tensors.ts';

/** The first `past` time steps of the cache: at least one. */
export function pastFeeds(ort: Ort, cache: KeyValueCache, past: number): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (let layer = 0; layer < cache.layers; layer++) {
    const { keys, values } = cache.view(layer, past);
    feeds[`past_keys.${layer}`] = floats(ort, keys, [past, 1, ...cache.perHead]);
    feeds[`past_values.${layer}`] = floats(ort, values, [past, 1, ...cache.perHead]);
  }
  return feeds;
}

/** The same for a graph with a causal mask, whose steps go up to `end`; nothing when there is no past. */
export function maskedPastFeeds(
  ort: Ort,
  cache: KeyValueCache,
  past: number,
  end: number,
): Record<string, Tensor> {
  if (past === 0) return {};
  return { key_positions: range(ort, 0, end), ...pastFeeds(ort, cache, past) };
}
