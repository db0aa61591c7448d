/** What one token attends to, in every head and in one view of them all. */
import type { AttendParams, AttentionView, Progress } from '../../protocol/engine.ts';
import type { AttentionRows } from '../../protocol/results.ts';
import type { Gpt2Config } from '../checkpoint/types.ts';
import { distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { readTokens, receiptFrom, reportReading, spansRead, tokenAt, tokensOf } from '../question/reading.ts';
import type { Run } from '../run.ts';
import { withoutFirstKey } from './firstKey.ts';
import { all, checkView } from './indices.ts';

export async function attend(model: Gpt2, params: AttendParams, run: Run<Progress>): Promise<AttentionRows> {
  const makeReceipt = receiptFrom(model, performance.now());
  const { config, meanPatterns } = model;
  const { view, withoutFirst, top } = params;
  checkView(view, config);
  const tokens = tokensOf(model, params);
  const end = Math.min(tokenAt(tokens, params.offset) + 1, tokens.length);
  const reading = readTokens(model, tokens, params, { end, limit: config.contextLength });
  const { ids, dropped } = reading;
  const query = ids.length - 1;

  const isRollout = view.kind === 'rollout';
  const known = isRollout ? meanPatterns.prepare(ids) : query;
  const { rows, residual } = await model.readings.use(ids, Math.min(known, query), async (sequence) => {
    await readBefore(model, sequence, ids, isRollout, run);
    return readQuery(model, sequence, ids, run);
  });
  const next = await distributionAt(model, residual, Math.max(1, top), run);
  if (isRollout) keepMeans(model, rows, query);
  const weights = isRollout ? meanPatterns.rollout(query) : meanOf(rows, rowsIn(view, config), ids.length);
  meanPatterns.shrink();
  return {
    receipt: await makeReceipt(params, dropped),
    tokens: spansRead(model, reading),
    weights: withoutFirst ? withoutFirstKey(weights) : weights,
    layers: config.layers,
    heads: config.heads,
    rows,
    next: next.top.slice(0, top),
  };
}

/** Reads up to the query, and keeps the mean patterns of what is read where they are needed. */
async function readBefore(
  { config, meanPatterns }: Gpt2,
  sequence: Sequence,
  ids: readonly number[],
  needsMeans: boolean,
  run: Run<Progress>,
): Promise<void> {
  const onSlice = reportReading(run, ids.length);
  const patterns = {
    of: 'mean' as const,
    layers: all(config.layers),
    take: meanPatterns.take.bind(meanPatterns),
  };
  await sequence.read(ids.slice(sequence.length, -1), run, needsMeans ? { onSlice, patterns } : { onSlice });
}

/** @returns the patterns of the last id `[L, H, keys]` and the stream after it, before ln_f `[C]` */
async function readQuery(
  { config }: Gpt2,
  sequence: Sequence,
  ids: readonly number[],
  run: Run<Progress>,
): Promise<{ rows: Float32Array; residual: Float32Array }> {
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

function keepMeans({ config, meanPatterns }: Gpt2, rows: Float32Array, query: number): void {
  for (const layer of all(config.layers)) {
    const mean = meanOf(rows, rowsIn({ kind: 'layer', layer }, config), query + 1);
    meanPatterns.take(layer, mean, query, 1);
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
