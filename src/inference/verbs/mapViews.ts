/** The views of a whole text's attention, added up from slices of patterns. */
import type { MapView, Progress } from '../../protocol/engine.ts';
import { attentionProducts } from '../gpt2/attentionGradient.ts';
import type { Contrast } from '../gpt2/contrast.ts';
import { MeanRows } from '../gpt2/meanRows.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { countSlices, patternSlices } from '../gpt2/patterns.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import type { Run } from '../run.ts';
import { all } from './indices.ts';

/** One head, or the mean or the largest over heads. Not rollout, which is a product over layers. */
export type SummedView = Exclude<MapView, { kind: 'rollout' }>;
type MapRun = Run<Progress>;

/** The view's weights, `[tokens, tokens]`. */
export async function weightsOf(
  model: Gpt2,
  streams: StreamRows,
  view: MapView,
  run: MapRun,
): Promise<Float32Array> {
  const isRollout = view.kind === 'rollout';
  const { layers, heads } = headsIn(model, isRollout ? { kind: 'mean' } : view);
  const perLayer = countSlices(model, tokensIn(model, streams), { heads, firstQuery: 0 });
  let done = 0;
  const onSlice = () => run.report({ stage: 'explaining', done: ++done, total: layers.length * perLayer });
  return isRollout
    ? rolloutOf(model, streams, run, onSlice)
    : summedWeights(model, streams, view, run, onSlice);
}

async function summedWeights(
  model: Gpt2,
  streams: StreamRows,
  view: SummedView,
  run: MapRun,
  onSlice: () => void,
): Promise<Float32Array> {
  const { layers, heads, maps } = headsIn(model, view);
  const tokens = tokensIn(model, streams);
  const map = new Float32Array(tokens ** 2);
  const of = view.kind === 'max' ? 'max' : 'sum';
  for (const layer of layers) {
    const question = { layer, heads, of, firstQuery: 0 } as const;
    for await (const { weights, firstQuery, queries, keys } of patternSlices(model, streams, question, run)) {
      for (let row = 0; row < queries; row++) {
        const query = firstQuery + row;
        const own = map.subarray(query * tokens, query * tokens + query + 1);
        const more = weights.subarray(row * keys, row * keys + query + 1);
        if (of === 'max') raise(own, more);
        else addTo(own, more, 1 / maps);
      }
      onSlice();
    }
  }
  return map;
}

async function rolloutOf(
  model: Gpt2,
  streams: StreamRows,
  run: MapRun,
  onSlice: () => void,
): Promise<Float32Array> {
  const tokens = tokensIn(model, streams);
  const means = new MeanRows(model.config.layers);
  for (const layer of all(model.config.layers)) {
    const mean = await summedWeights(model, streams, { kind: 'layer', layer }, run, onSlice);
    means.take(layer, mean, 0, tokens);
  }
  const map = new Float32Array(tokens ** 2);
  for (let query = 0; query < tokens; query++) {
    map.set(means.rollout(query), query * tokens);
    await run.breathe();
  }
  return map;
}

/** (A ⊙ ∂f/∂A)⁺ in the view, `[tokens, tokens]`. */
export async function productsOf(
  model: Gpt2,
  streams: StreamRows,
  view: SummedView,
  { ids, contrast }: { ids: readonly number[]; contrast: Contrast },
  run: MapRun,
): Promise<Float32Array> {
  const { layers, heads, maps } = headsIn(model, view);
  const isMax = view.kind === 'max';
  const share = new Float32Array(model.config.heads);
  for (const head of heads) share[head] = isMax ? 1 : 1 / maps;
  const shares = all(model.config.layers).map((layer) => (layers.includes(layer) ? share : null));
  const map = new Float32Array(tokensIn(model, streams) ** 2);
  const take = (_layer: number, products: Float32Array) =>
    isMax ? raise(map, products) : addTo(map, products, 1);
  const report = (done: number, total: number) => run.report({ stage: 'explaining', done, total });
  const known = model.memory.streamGradients.of(ids, contrast);
  const question = { contrast, known, shares, of: isMax ? 'max' : 'sum' } as const;
  await attentionProducts(model, streams, question, run, take, report);
  return map;
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
