/** The views of a whole text's attention, added up from slices of patterns. */
import type { MapView, Progress } from '../../protocol/engine.ts';
import { attentionProducts } from '../gpt2/attentionGradient.ts';
import type { Contrast } from '../gpt2/contrast.ts';
import { MeanRows } from '../gpt2/meanRows.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { countSlices, patternSlices, queriesInSlice } from '../gpt2/patterns.ts';
import { checkSquares } from '../gpt2/squares.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import type { Run } from '../run.ts';
import { all } from './indices.ts';

/** One head, or the mean or the largest over heads. Not rollout, which is a product over layers. */
export type SummedView = Exclude<MapView, { kind: 'rollout' }>;
type MapRun = Run<Progress>;

/** Some whole rows of a map. */
export interface MapRows {
  firstQuery: number;
  queries: number;
  /** As many as the last of these queries sees. */
  keys: number;
  /** `[queries, keys]` */
  weights: Float32Array;
}

/**
 * The view's weights, row by row from the first query on, some at a time: the whole map of a long text need not be held, but for
 * a rollout, which multiplies those of all layers.
 */
export async function* weightsOf(
  model: Gpt2,
  streams: StreamRows,
  view: MapView,
  run: MapRun,
): AsyncGenerator<MapRows> {
  const isRollout = view.kind === 'rollout';
  const { layers, heads } = headsIn(model, isRollout ? { kind: 'mean' } : view);
  const tokens = tokensIn(model, streams);
  const perLayer = blocksOf(model, tokens).map((block) => countSlices(model, tokens, { heads, ...block }));
  const total = layers.length * perLayer.reduce((sum, count) => sum + count, 0);
  let done = 0;
  const onSlice = () => run.report({ stage: 'explaining', done: ++done, total });
  if (isRollout) yield* rolloutOf(model, streams, run, onSlice);
  else yield* summedWeights(model, streams, view, run, onSlice);
}

async function* summedWeights(
  model: Gpt2,
  streams: StreamRows,
  view: SummedView,
  run: MapRun,
  onSlice: () => void,
): AsyncGenerator<MapRows> {
  const { layers, heads, maps } = headsIn(model, view);
  const of = view.kind === 'max' ? 'max' : 'sum';
  for (const block of blocksOf(model, tokensIn(model, streams))) {
    const queries = block.endQuery - block.firstQuery;
    const rows = new Float32Array(queries * block.endQuery);
    for (const layer of layers) {
      const question = { layer, heads, of, ...block } as const;
      // A slice has all of the block's queries, if not all of the heads.
      for await (const { weights } of patternSlices(model, streams, question, run)) {
        if (of === 'max') raise(rows, weights);
        else addTo(rows, weights, 1 / maps);
        onSlice();
      }
    }
    yield { firstQuery: block.firstQuery, queries, keys: block.endQuery, weights: rows };
  }
}

async function* rolloutOf(
  model: Gpt2,
  streams: StreamRows,
  run: MapRun,
  onSlice: () => void,
): AsyncGenerator<MapRows> {
  const { layers } = model.config;
  const tokens = tokensIn(model, streams);
  const means = new MeanRows(layers);
  for (const layer of all(layers)) {
    for await (const rows of summedWeights(model, streams, { kind: 'layer', layer }, run, onSlice))
      means.take(layer, rows.weights, rows.firstQuery, rows.queries);
  }
  for (let query = 0; query < tokens; query++) {
    yield { firstQuery: query, queries: 1, keys: query + 1, weights: means.rollout(query) };
    await run.breathe();
  }
}

function blocksOf(model: Gpt2, tokens: number): { firstQuery: number; endQuery: number }[] {
  const atOnce = queriesInSlice(model, tokens);
  return Array.from({ length: Math.ceil(tokens / atOnce) }, (_, block) => ({
    firstQuery: block * atOnce,
    endQuery: Math.min(tokens, (block + 1) * atOnce),
  }));
}

/** (A ⊙ ∂f/∂A)⁺ in the view: all rows. @throws EngineError `map-too-large` */
export async function* productsOf(
  model: Gpt2,
  streams: StreamRows,
  view: SummedView,
  { ids, contrast }: { ids: readonly number[]; contrast: Contrast },
  run: MapRun,
): AsyncGenerator<MapRows> {
  const { layers, heads, maps } = headsIn(model, view);
  const tokens = tokensIn(model, streams);
  checkSquares(model.config.heads, tokens);
  const isMax = view.kind === 'max';
  const share = new Float32Array(model.config.heads);
  for (const head of heads) share[head] = isMax ? 1 : 1 / maps;
  const shares = all(model.config.layers).map((layer) => (layers.includes(layer) ? share : null));
  const map = new Float32Array(tokens ** 2);
  const take = (_layer: number, products: Float32Array) =>
    isMax ? raise(map, products) : addTo(map, products, 1);
  const report = (done: number, total: number) => run.report({ stage: 'explaining', done, total });
  const known = model.memory.streamGradients.of(ids, contrast);
  const question = { contrast, known, shares, of: isMax ? 'max' : 'sum' } as const;
  await attentionProducts(model, streams, question, run, take, report);
  yield { firstQuery: 0, queries: tokens, keys: tokens, weights: map };
}

function addTo(sums: Float32Array, more: Float32Array, factor: number): void {
  for (let at = 0; at < sums.length; at++) sums[at] = sums[at]! + factor * more[at]!;
}

/** Sets each element to the larger of the two. */
function raise(largest: Float32Array, more: Float32Array): void {
  for (let at = 0; at < largest.length; at++) if (more[at]! > largest[at]!) largest[at] = more[at]!;
}

/** The heads of a view, the same ones in each of its layers, and how many maps that makes. */
function headsIn({ config }: Gpt2, view: SummedView): { layers: number[]; heads: number[]; maps: number } {
  const layers = 'layer' in view ? [view.layer] : all(config.layers);
  const heads = 'head' in view ? [view.head] : all(config.heads);
  return { layers, heads, maps: layers.length * heads.length };
}

function tokensIn({ config }: Gpt2, streams: StreamRows): number {
  return (streams[0] as Float32Array).length / config.width;
}
