/** What one token attends to, in every head and in one view of them all. */

import type { AttendParams, AttentionView, Progress } from '../../protocol/engine.ts';
import type { Alternative, AttentionRows } from '../../protocol/results.ts';
import type { Gpt2Config } from '../checkpoint/types.ts';
import { distributionAt } from '../gpt2/distribution.ts';
import type { MeanRows } from '../gpt2/meanRows.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { checkSquares } from '../gpt2/squares.ts';
import { readTokens, reportReading, spansRead, tokenAt, tokensOf } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import { asideFor, inWholeCharacters } from '../question/wholeCharacters.ts';
import type { Run } from '../run.ts';
import { withoutFirstKey } from './firstKey.ts';
import { all, checkView } from './indices.ts';

export async function attend(model: Gpt2, params: AttendParams, run: Run<Progress>): Promise<AttentionRows> {
  const receipts = receiptsOf(model, run);
  const { config, memory } = model;
  const { view, withoutFirst, top } = params;
  checkView(view, config);
  const tokens = tokensOf(model, params);
  const end = Math.min(tokenAt(tokens, params.offset) + 1, tokens.length);
  const reading = readTokens(model, tokens, params, { end, limit: config.contextLength });
  const { ids, dropped } = reading;
  const query = ids.length - 1;
  if (view.kind === 'rollout') checkSquares(config.layers / 2, ids.length);

  const read = async (means: MeanRows | null) => {
    const { rows, next, aside } = await readThrough(model, ids, means, top, run);
    return { rows, next: await inWholeCharacters(model, aside, next, run) };
  };
  const { rows, next, weights } =
    view.kind === 'rollout'
      ? await memory.meanPatterns.use(ids, async (means) => {
          const last = await read(means);
          addMeans(config, means, last.rows, query);
          return { ...last, weights: means.rollout(query) };
        })
      : await read(null).then((last) => ({
          ...last,
          weights: meanOf(last.rows, rowsIn(view, config), ids.length),
        }));
  return {
    receipt: await receipts.final(params, dropped),
    tokens: spansRead(model, reading),
    weights: withoutFirst ? withoutFirstKey(weights) : weights,
    layers: config.layers,
    heads: config.heads,
    rows,
    next,
  };
}

/**
 * Reads `ids`. Those that were read before are read again only if their patterns are needed.
 * @param means receives the mean patterns of all ids but the last; null if they are not needed
 * @returns what is known of the last id, and what is expected after it
 */
function readThrough(
  model: Gpt2,
  ids: readonly number[],
  means: MeanRows | null,
  top: number,
  run: Run<Progress>,
): Promise<{ rows: Float32Array; next: Alternative[]; aside: Sequence | null }> {
  const query = ids.length - 1;
  const onSlice = reportReading(run, ids.length);
  const patterns = means && {
    of: 'mean' as const,
    layers: all(model.config.layers),
    take: means.take.bind(means),
  };
  const firstNeeded = means ? Math.min(means.queries, query) : query;
  return model.memory.readings.use(ids, firstNeeded, async (sequence) => {
    const before = ids.slice(sequence.length, -1);
    await sequence.read(before, run, patterns ? { onSlice, patterns } : { onSlice });
    const { rows, residual } = await readQuery(model, sequence, ids, run);
    const next = (await distributionAt(model, residual, Math.max(1, top), run)).top.slice(0, top);
    return { rows, next, aside: asideFor(sequence, next) };
  });
}

/** What is known of the last token that is read. */
interface QueryRows {
  /** Its patterns, `[L, H, keys]`. */
  rows: Float32Array;
  /** The stream after it, before ln_f, `[C]`. */
  residual: Float32Array;
}

/** Reads the last id. */
async function readQuery(
  { config }: Gpt2,
  sequence: Sequence,
  ids: readonly number[],
  run: Run<Progress>,
): Promise<QueryRows> {
  const rows = new Float32Array(config.layers * config.heads * ids.length);
  const residual = await sequence.read(ids.slice(-1), run, {
    onSlice: reportReading(run, ids.length),
    patterns: {
      of: 'heads',
      layers: all(config.layers),
      take: (layer, pattern) => rows.set(pattern, layer * config.heads * ids.length),
    },
  });
  return { rows, residual };
}

function addMeans(config: Gpt2Config, means: MeanRows, rows: Float32Array, query: number): void {
  for (const layer of all(config.layers)) {
    const mean = meanOf(rows, rowsIn({ kind: 'layer', layer }, config), query + 1);
    means.take(layer, mean, query, 1);
  }
}

/** Which of the rows `[L, H]` a view is the mean of. */
function rowsIn(
  view: Exclude<AttentionView, { kind: 'rollout' }>,
  { layers, heads }: Gpt2Config,
): { first: number; count: number } {
  if (view.kind === 'mean') return { first: 0, count: layers * heads };
  if (view.kind === 'layer') return { first: view.layer * heads, count: heads };
  return { first: view.layer * heads + view.head, count: 1 };
}

function meanOf(
  rows: Float32Array,
  { first, count }: { first: number; count: number },
  keys: number,
): Float32Array {
  const sums = new Float64Array(keys);
  for (let row = first; row < first + count; row++) {
    for (let key = 0; key < keys; key++) sums[key] = sums[key]! + rows[row * keys + key]!;
  }
  return Float32Array.from(sums, (sum) => sum / count);
}
