/** Attention patterns, read off the forward pass. */
import type { AttentionParams, Progress } from '../../protocol/engine.ts';
import type { AttentionMaps } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Sequence } from '../gpt2/sequence.ts';
import { checkSquares } from '../gpt2/squares.ts';
import { readText, reportReading, spansRead } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';
import { all, checkIndices } from './indices.ts';

/**
 * With BOS the maps and the tokens begin with it; its range is empty.
 * @throws EngineError `option-invalid`, `text-empty`, `map-too-large`, `tensor-not-finite`, `result-not-finite`
 */
export async function attention(
  model: Gpt2,
  params: AttentionParams,
  run: Run<Progress>,
): Promise<AttentionMaps> {
  const receipts = receiptsOf(model, run);
  const { config } = model;
  const layers = params.layers ?? all(config.layers);
  const heads = params.heads ?? all(config.heads);
  checkIndices('layer', layers, config.layers);
  checkIndices('head', heads, config.heads);
  const reading = readText(model, params, config.contextLength);
  const { ids } = reading;
  const count = ids.length;
  checkSquares(layers.length * heads.length, count);

  const maps = layers.map(() => heads.map(() => new Float32Array(count * count)));
  const residual = await new Sequence(model).read(ids, run, {
    onSlice: reportReading(run, count),
    patterns: {
      of: 'heads',
      layers,
      /** `pattern` is `[H, queries, keys]`: the queries from `firstQuery` on, over all keys so far. */
      take(layer, pattern, firstQuery, queries) {
        const keys = firstQuery + queries;
        for (const [place, head] of heads.entries()) {
          const map = maps[layers.indexOf(layer)]?.[place] as Float32Array;
          for (let query = 0; query < queries; query++) {
            const row = (head * queries + query) * keys;
            map.set(pattern.subarray(row, row + keys), (firstQuery + query) * count);
          }
        }
      },
    },
  });
  // A NaN in a pattern also shows in the stream that was computed from it.
  await model.soundness.finite(
    residual.reduce((sum, value) => sum + value, 0),
    run,
  );

  return {
    receipt: await receipts.final(params, reading.dropped),
    tokens: spansRead(model, reading),
    layers,
    heads,
    attention: maps,
  };
}
