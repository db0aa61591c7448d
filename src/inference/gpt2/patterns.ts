/** Attention patterns from residual streams, in slices of bounded size. */
import type { Run } from '../run.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats, integers, range } from '../runtime/tensors.ts';
import type { OfHeads } from './graphs/pattern.ts';
import type { Network } from './network.ts';
import type { StreamRows } from './streams.ts';

export interface PatternQuestion {
  layer: number;
  heads: readonly number[];
  of: OfHeads;
  /** The first query that is asked for. */
  firstQuery: number;
  /** The one after the last that is asked for; absent: to the end of the text. */
  endQuery?: number;
}

export interface PatternSlice {
  layer: number;
  /** Those of the requested heads that are in this slice. */
  heads: readonly number[];
  firstQuery: number;
  queries: number;
  /** `firstQuery` + `queries`: all keys that the slice's last query sees. */
  keys: number;
  /** After the softmax, `[heads, queries, keys]`; of `sum` and `max` `[queries, keys]`, over this slice's heads alone. */
  weights: Float32Array;
}

/** How many slices {@link patternSlices} gives. */
export function countSlices(
  { programs }: Pick<Network, 'programs'>,
  tokens: number,
  { heads, firstQuery, endQuery = tokens }: Pick<PatternQuestion, 'heads' | 'firstQuery' | 'endQuery'>,
): number {
  const count = endQuery - firstQuery;
  const { headsAtOnce, queriesAtOnce } = sliceSize(programs.pace.patternWeights, tokens, count);
  return Math.ceil(heads.length / headsAtOnce) * Math.ceil(count / queriesAtOnce);
}

/** So many queries that their rows over all tokens are one slice. */
export function queriesInSlice({ programs }: Pick<Network, 'programs'>, tokens: number): number {
  return sliceSize(programs.pace.patternWeights, tokens, tokens).queriesAtOnce;
}

/** As many whole heads as there is room for; where not even one is, some of the queries of one. */
function sliceSize(
  weightsAtOnce: number,
  tokens: number,
  queries: number,
): { headsAtOnce: number; queriesAtOnce: number } {
  return {
    headsAtOnce: Math.max(1, Math.floor(weightsAtOnce / (queries * tokens))),
    queriesAtOnce: Math.max(1, Math.min(queries, Math.floor(weightsAtOnce / tokens))),
  };
}

/** Other work runs between two slices. A slice's weights are freed when the next one is asked for. */
export async function* patternSlices(
  { config, programs }: Pick<Network, 'config' | 'programs'>,
  streams: StreamRows,
  { layer, heads, of, firstQuery: first, endQuery }: PatternQuestion,
  run: Run,
): AsyncGenerator<PatternSlice> {
  const { width } = config;
  const stream = streams[layer] as Float32Array;
  const tokens = stream.length / width;
  const program = await programs.pattern(run, { layer, of });
  const end = endQuery ?? tokens;
  const { headsAtOnce, queriesAtOnce } = sliceSize(programs.pace.patternWeights, tokens, end - first);
  for (let at = 0; at < heads.length; at += headsAtOnce) {
    const some = heads.slice(at, at + headsAtOnce);
    for (let firstQuery = first; firstQuery < end; firstQuery += queriesAtOnce) {
      const keys = Math.min(end, firstQuery + queriesAtOnce);
      const rows = (from: number) =>
        floats(stream.subarray(from * width, keys * width), [keys - from, width]);
      const feeds = {
        queries: rows(firstQuery),
        keys: rows(0),
        query_positions: range(firstQuery, keys),
        key_positions: range(0, keys),
        heads: integers(some),
      };
      const { pattern: weights } = await fetch(program, feeds, ['pattern']);
      yield { layer, heads: some, firstQuery, queries: keys - firstQuery, keys, weights };
      // Frees 16 MB at once, not at the next garbage collection. Node 20 has no `transfer`.
      (weights as Float32Array<ArrayBuffer>).buffer.transfer?.(0);
      await run.breathe();
    }
  }
}
