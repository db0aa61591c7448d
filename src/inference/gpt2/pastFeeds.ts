/** A graph's inputs for the tokens that were read before. */
import type { Feeds } from '../runtime/backend.ts';
import { floats, range, type Tensor } from '../runtime/tensors.ts';
import type { KeyValueCache } from './keyValueCache.ts';

/** The first `past` time steps of the cache: at least one. */
export function pastFeeds(cache: KeyValueCache, past: number): Feeds {
  const feeds: Record<string, Tensor> = {};
  for (let layer = 0; layer < cache.layers; layer++) {
    const { keys, values } = cache.view(layer, past);
    feeds[`past_keys.${layer}`] = floats(keys, [past, 1, ...cache.perHead]);
    feeds[`past_values.${layer}`] = floats(values, [past, 1, ...cache.perHead]);
  }
  return feeds;
}

/** The same for a graph with a causal mask, whose steps go up to `end`; nothing when there is no past. */
export function maskedPastFeeds(cache: KeyValueCache, past: number, end: number): Feeds {
  if (past === 0) return {};
  return { key_positions: range(0, end), ...pastFeeds(cache, past) };
}
