/** All heads of a text at a glance. */
import type { Progress, ThumbnailParams } from '../../protocol/engine.ts';
import type { AttentionThumbnails } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { patternSlices } from '../gpt2/patterns.ts';
import { readText, reportReading, spansRead } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';
import { all } from './indices.ts';
import { cellsOf, pooledSize, poolRows } from './pooling.ts';

/** @throws EngineError `text-empty` */
export async function thumbnails(
  model: Gpt2,
  params: ThumbnailParams,
  run: Run<Progress>,
): Promise<AttentionThumbnails> {
  const receipts = receiptsOf(model, run);
  const { layers, heads } = model.config;
  const reading = readText(model, params, model.config.contextLength);
  const tokens = reading.ids.length;
  const streams = await model.memory.streams.of(reading.ids, run, reportReading(run, tokens));
  const size = pooledSize(tokens, params.size, { maps: layers * heads, bytesPerCell: 1 });
  const cells = cellsOf(tokens, size);
  const weights = new Uint8Array(layers * heads * size ** 2);
  for (const layer of all(layers)) {
    // The heads of one layer. They are rounded only when all slices of a head have been added.
    const pooled = all(heads).map(() => new Float32Array(size ** 2));
    const question = { layer, heads: all(heads), of: 'each', firstQuery: 0 } as const;
    for await (const slice of patternSlices(model, streams, question, run)) {
      const { queries, keys } = slice;
      for (const [place, head] of slice.heads.entries()) {
        const rows = slice.weights.subarray(place * queries * keys, (place + 1) * queries * keys);
        poolRows(pooled[head] as Float32Array, rows, slice, cells);
      }
    }
    for (const [head, map] of pooled.entries()) {
      weights.set(
        map.map((weight) => Math.round(255 * weight)),
        (layer * heads + head) * size ** 2,
      );
    }
    run.report({ stage: 'explaining', done: layer + 1, total: layers });
  }
  return {
    receipt: await receipts.final(params, reading.dropped),
    tokens: spansRead(model, reading),
    ...{ layers, heads, size, weights },
  };
}
