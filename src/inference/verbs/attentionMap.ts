/** Who attends to whom in a whole text: one head, or one view of several. */
import type { AttentionMapParams, ImportanceParams, MapView, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { AttentionMap } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { checkSquares } from '../gpt2/squares.ts';
import { askContrast } from '../question/contrastQuestion.ts';
import { type Reading, readText, reportReading, spansRead } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';
import { withoutFirstKey } from './firstKey.ts';
import { checkView } from './indices.ts';
import { type MapRows, productsOf, type SummedView, weightsOf } from './mapViews.ts';
import { cellsOf, pooledSize, poolRows } from './pooling.ts';

type MapRun = Run<Progress>;

/**
 * @throws EngineError `option-invalid`, `text-empty`; with `gradient` `first-token`, `position-invalid`, `token-unknown`,
 * `token-not-single`, `foil-is-target`, `foil-needed`; `map-too-large` for a rollout or products of a very long text
 */
export async function attentionMap(
  model: Gpt2,
  params: AttentionMapParams,
  run: MapRun,
): Promise<AttentionMap> {
  const receipts = receiptsOf(model, run);
  const { view, gradient, withoutFirst } = params;
  checkView(view, model.config);
  const { reading, rows, contrast } = gradient
    ? await products(model, { ...params, ...gradient }, summed(view), run)
    : { ...(await patterns(model, params, run)), contrast: null };
  const { ids, dropped } = reading;
  const bytesPerCell = Float32Array.BYTES_PER_ELEMENT;
  const size = pooledSize(ids.length, params.size ?? ids.length, { maps: 1, bytesPerCell });
  const weights = new Float32Array(size ** 2);
  const cells = cellsOf(ids.length, size);
  for await (const some of rows) {
    if (withoutFirst) leaveFirstOut(some, gradient === null);
    poolRows(weights, some.weights, some, cells);
  }
  return {
    receipt: await receipts.final(params, dropped),
    tokens: spansRead(model, reading),
    ...{ size, weights, most: weights.reduce((most, weight) => Math.max(most, weight), 0) },
    contrast,
  };
}

interface ReadMap {
  reading: Reading;
  rows: AsyncIterable<MapRows>;
}

/** The view's weights over the whole text. */
async function patterns(model: Gpt2, params: AttentionMapParams, run: MapRun): Promise<ReadMap> {
  const reading = readText(model, params, model.config.contextLength);
  const { ids } = reading;
  if (params.view.kind === 'rollout') checkSquares(model.config.layers / 2, ids.length);
  const streams = await model.memory.streams.of(ids, run, reportReading(run, ids.length));
  return { reading, rows: weightsOf(model, streams, params.view, run) };
}

/** The view's attention × gradient over the tokens before the predicted one. */
async function products(
  model: Gpt2,
  params: ImportanceParams,
  view: SummedView,
  run: MapRun,
): Promise<ReadMap & Pick<AttentionMap, 'contrast'>> {
  const { reading, streams, contrast } = await askContrast(model, params, run);
  const question = { ids: reading.ids, contrast };
  const { tokenizer } = model;
  const shown = (id: number) => tokenizer.shown(id);
  return {
    reading,
    rows: productsOf(model, streams, view, question, run),
    contrast: {
      target: shown(contrast.target),
      foil: contrast.foil === null ? null : shown(contrast.foil),
    },
  };
}

/** @throws EngineError `option-invalid`: rollout is a product of patterns, not of their gradients */
function summed(view: MapView): SummedView {
  if (view.kind !== 'rollout') return view;
  const expected = 'head | layer | mean | max';
  throw new EngineError('option-invalid', { option: 'view', value: view.kind, expected });
}

/** @param rescale whether the other weights of a row are scaled to sum to 1 */
function leaveFirstOut({ firstQuery, queries, keys, weights }: MapRows, rescale: boolean): void {
  for (let at = 0; at < queries; at++) {
    const row = weights.subarray(at * keys, at * keys + firstQuery + at + 1);
    if (rescale) row.set(withoutFirstKey(row));
    else row[0] = 0;
  }
}
