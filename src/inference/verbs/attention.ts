/** Attention patterns, read off the forward pass. */
import type { AttentionParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { AttentionMaps } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Sequence } from '../gpt2/sequence.ts';
import type { Run } from '../run.ts';
import { readText, receiptFrom, spanOf } from './reading.ts';

/** With BOS the maps and the tokens begin with it; its range is empty. */
export async function attention(
  model: Gpt2,
  params: AttentionParams,
  run: Run<Progress>,
): Promise<AttentionMaps> {
  const makeReceipt = receiptFrom(model, performance.now());
  const { config, tokenizer } = model;
  const layers = params.layers ?? all(config.layers);
  const heads = params.heads ?? all(config.heads);
  checkIndices('layer', layers, config.layers);
  checkIndices('head', heads, config.heads);
  const { ids, tokens, dropped } = readText(model, params, config.contextLength);
  const count = ids.length;

  const maps = layers.map(() => heads.map(() => new Float32Array(count * count)));
  await new Sequence(model).read(ids, run, {
    onSlice: (done) => run.report({ stage: 'reading', done, total: count }),
    patterns: {
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

  const at = tokens[dropped]?.start ?? 0;
  const bos = { id: tokenizer.endOfText, text: tokenizer.textOf(tokenizer.endOfText), start: at, end: at };
  const read = tokens.slice(dropped).map((token) => spanOf(model, token));
  return {
    receipt: await makeReceipt(params, dropped),
    tokens: params.bos ? [bos, ...read] : read,
    layers,
    heads,
    attention: maps,
  };
}

function all(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function checkIndices(option: string, indices: readonly number[], count: number): void {
  const bad = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= count);
  if (bad !== undefined) {
    throw new EngineError('option-invalid', { option, value: bad, expected: `0 … ${count - 1}` });
  }
}
