/**
 * How much of each token's stream comes from each other token in one layer, by two measures; in blocks of bounded size,
 * as what all tokens give each other is S² C numbers large.
 */

import type { Run } from '../run.ts';
import type { Feeds, Program } from '../runtime/backend.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats, range } from '../runtime/tensors.ts';
import type { Network } from './network.ts';
import { checkSquares } from './squares.ts';

/** 16 MB of projected values, and 2 MB of what is given from token to token: that fits into the processor's caches. */
const writtenAtOnce = 2 ** 22;
const givenAtOnce = 2 ** 19;

type MixingParts = Pick<Network, 'config' | 'programs'>;

/** What is known of a layer once its tokens were read: the stream before it, and its keys and values; `[S, C]` each. */
export interface ReadLayer {
  layer: number;
  stream: Float32Array;
  keys: Float32Array;
  values: Float32Array;
}

/**
 * The contributions of one layer (Ferrando et al. 2022, "Measuring the Mixing of Contextual Information in the
 * Transformer", equations 5 to 8): c_ij = max(0, ‖y_i‖₁ − ‖y_i − T_i(x_j)‖₁), each row divided by its sum.
 * @param firstQuery the rows before it are not computed, and are 0
 * @returns `[query, source]`, lower triangular
 * @throws EngineError `cancelled`
 */
export async function layerMixing(
  network: MixingParts,
  read: ReadLayer,
  firstQuery: number,
  run: Run,
): Promise<Float32Array> {
  const parts = await partsOf(network, read, run);
  const program = await network.programs.distances(run);
  const measure: Measure = {
    program,
    feeds: () => ({}),
    ownStream: true,
    atOnce: (queries) => givenAtOnce / (queries * network.config.width),
    weight: (distance, query) => Math.max(0, parts.norms[query]! - distance),
  };
  return weightsBy(network, read, parts, measure, firstQuery, run);
}

/**
 * Value zeroing in one layer (Mohebbi et al. 2023, "Quantifying Context Mixing in Transformers", equations 4 and 5): the
 * cosine distance that the layer's output for a query moves when the values of a source are zero, each row divided by
 * its sum. Takes a forward pass of the layer's MLP per source.
 * @param after the stream after the layer, `[S, C]`
 * @param firstQuery the rows before it are not computed, and are 0
 * @returns `[query, source]`, lower triangular
 * @throws EngineError `cancelled`
 */
export async function layerZeroing(
  network: MixingParts,
  read: ReadLayer,
  after: Float32Array,
  firstQuery: number,
  run: Run,
): Promise<Float32Array> {
  const { width: C } = network.config;
  const parts = await partsOf(network, read, run);
  const program = await network.programs.zeroing(run, read.layer);
  const measure: Measure = {
    program,
    feeds: (from) => ({ whole: floats(after.subarray(from * C), [parts.tokens - from, C]) }),
    ownStream: false,
    atOnce: (queries) => network.programs.pace.layer.sequences(queries),
    weight: (distance) => distance,
  };
  return weightsBy(network, read, parts, measure, firstQuery, run);
}

/** How a source's weight for a query comes from what it gives it. */
interface Measure {
  /** Takes `patterns`, `written` and `after`; gives `distances`. */
  program: Program;
  /** What else it takes, of the queries from `from` on. */
  feeds(from: number): Feeds;
  /** Whether a token's own stream counts as given by it. */
  ownStream: boolean;
  /** How many sources are measured together. */
  atOnce(queries: number): number;
  weight(distance: number, query: number): number;
}

/** See {@link mixingGraph}. */
interface Parts {
  tokens: number;
  patterns: Float32Array;
  after: Float32Array;
  norms: Float32Array;
}

async function partsOf(
  { config, programs }: MixingParts,
  { layer, stream, keys, values }: ReadLayer,
  run: Run,
): Promise<Parts> {
  const { width: C, heads } = config;
  const tokens = stream.length / C;
  const perHead = [tokens, 1, heads, C / heads];
  const feeds = {
    stream: floats(stream, [tokens, C]),
    keys: floats(keys, perHead),
    values: floats(values, perHead),
    positions: range(0, tokens),
    heads: range(0, heads),
  };
  const parts = await fetch(await programs.mixing(run, layer), feeds, ['patterns', 'after', 'norms']);
  await run.breathe();
  return { tokens, ...parts };
}

async function weightsBy(
  { config, programs }: MixingParts,
  { layer, stream, values }: ReadLayer,
  parts: Parts,
  measure: Measure,
  firstQuery: number,
  run: Run,
): Promise<Float32Array> {
  const { width: C, heads } = config;
  const { tokens } = parts;
  const size = (heads + 1) * C;
  const program = await programs.sources(run, layer);
  checkSquares(1, tokens);
  const weights = new Float32Array(tokens * tokens);
  const projectedAtOnce = Math.max(1, Math.floor(writtenAtOnce / size));
  for (let first = 0; first < tokens; first += projectedAtOnce) {
    const end = Math.min(tokens, first + projectedAtOnce);
    const rows = (all: Float32Array) => floats(all.subarray(first * C, end * C), [end - first, C]);
    const { written } = await fetch(program, { values: rows(values), stream: rows(stream) }, ['written']);
    await run.breathe();
    for (let source = first; source < end; ) {
      const from = Math.max(source, firstQuery);
      const queries = tokens - from;
      const count = Math.min(end - source, Math.max(1, Math.floor(measure.atOnce(queries))));
      const own = written.subarray((source - first) * size, (source - first + count) * size);
      const block = { source, count, from, heads };
      const distances = await distancesOf(measure, parts, own, block);
      for (let at = 0; at < count; at++) {
        // Queries before a source do not see it.
        for (let query = Math.max(from, source + at); query < tokens; query++) {
          const distance = distances[at * queries + query - from]!;
          weights[query * tokens + source + at] = measure.weight(distance, query);
        }
      }
      source += count;
      await run.breathe();
    }
  }
  for (let query = firstQuery; query < tokens; query++) normalise(weights, query, tokens);
  return weights;
}

interface Block {
  source: number;
  count: number;
  /** The first query. */
  from: number;
  heads: number;
}

/** Of some sources and all queries from `from` on, `[count, queries]`. */
async function distancesOf(
  measure: Measure,
  { tokens, patterns, after }: Parts,
  written: Float32Array,
  { source, count, from, heads }: Block,
): Promise<Float32Array> {
  const [N, queries] = [heads + 1, tokens - from];
  const C = after.length / tokens;
  const some = new Float32Array(count * queries * N);
  for (let at = 0; at < count; at++) {
    const row = (source + at) * tokens;
    some.set(patterns.subarray((row + from) * N, (row + tokens) * N), at * queries * N);
    const ownQuery = source + at - from;
    // The last pattern is the identity: the token's own stream.
    if (!measure.ownStream && ownQuery >= 0) some[(at * queries + ownQuery) * N + heads] = 0;
  }
  const feeds = {
    patterns: floats(some, [count, queries, N]),
    written: floats(written, [count, N, C]),
    after: floats(after.subarray(from * C), [queries, C]),
    ...measure.feeds(from),
  };
  return (await fetch(measure.program, feeds, ['distances'])).distances;
}

/** Makes a row of `[tokens, tokens]` sum to 1. A row that nothing contributes to keeps to itself. */
function normalise(matrix: Float32Array, query: number, tokens: number): void {
  const row = matrix.subarray(query * tokens, query * tokens + query + 1);
  const sum = row.reduce((total, one) => total + one, 0);
  if (sum > 0) for (let at = 0; at < row.length; at++) row[at] = row[at]! / sum;
  else row[query] = 1;
}
