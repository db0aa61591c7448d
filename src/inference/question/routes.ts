/** How the layers moved what they read from token to token, as methods see it. */

import type { RouteKind, Routes } from '../attribution/method.ts';
import { attentionProducts } from '../gpt2/attentionGradient.ts';
import type { Contrast } from '../gpt2/contrast.ts';
import { layerMixing, layerZeroing } from '../gpt2/mixing.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { patternSlices } from '../gpt2/patterns.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { checkSquares } from '../gpt2/squares.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import type { Run } from '../run.ts';

/** What was read, up to the predicting token. */
export interface RouteSubject {
  model: Gpt2;
  sequence: Sequence;
  ids: readonly number[];
  streams: StreamRows;
  /** Where the explained tokens begin. */
  first: number;
  /** null where f is not linear in the logits: `products` then do not exist. */
  contrast: Contrast | null;
  run: Run;
  /** Is told of each layer for which parts of the model were run for every pair of tokens. */
  onLayer(): void;
}

/** @throws TypeError `products` of an f that is not linear in the logits */
export function routesOf(subject: RouteSubject, kind: RouteKind): Routes {
  const { model, ids, first } = subject;
  if (kind === 'products' && !subject.contrast) throw new TypeError('f has no gradient of attention');
  return {
    ...{ layers: model.config.layers, places: ids.length, first },
    at: (layer, firstQuery) => matrixOf[kind](subject, layer, firstQuery),
  };
}

type MatrixOf = (subject: RouteSubject, layer: number, firstQuery: number) => Promise<Float32Array>;

const matrixOf: Record<RouteKind, MatrixOf> = {
  attention: meanPattern,
  products: meanProducts,
  mixing: (subject, layer, firstQuery) =>
    layerMixing(subject.model, readLayer(subject, layer), firstQuery, subject.run),
  async zeroing(subject, layer, firstQuery) {
    const after = subject.streams[layer + 1] as Float32Array;
    const { model, run } = subject;
    const moved = await layerZeroing(model, readLayer(subject, layer), after, firstQuery, run);
    subject.onLayer();
    return moved;
  },
};

function readLayer({ sequence, streams, ids }: RouteSubject, layer: number) {
  return { layer, stream: streams[layer] as Float32Array, ...sequence.cache.view(layer, ids.length) };
}

async function meanPattern(
  { model, streams, ids, run }: RouteSubject,
  layer: number,
  firstQuery: number,
): Promise<Float32Array> {
  const tokens = ids.length;
  const { heads } = model.config;
  checkSquares(1, tokens);
  const mean = new Float32Array(tokens * tokens);
  const asked = { layer, heads: range(heads), of: 'sum', firstQuery } as const;
  for await (const { weights, firstQuery: from, queries, keys } of patternSlices(
    model,
    streams,
    asked,
    run,
  )) {
    for (let row = 0; row < queries; row++) {
      const at = (from + row) * tokens;
      // A slice may hold only some of the heads.
      for (let key = 0; key < keys; key++)
        mean[at + key] = mean[at + key]! + weights[row * keys + key]! / heads;
    }
  }
  return mean;
}

async function meanProducts({ model, streams, ids, contrast, run }: RouteSubject, layer: number) {
  const { layers, heads } = model.config;
  checkSquares(heads, ids.length);
  const share = new Float32Array(heads).fill(1 / heads);
  const shares = range(layers).map((one) => (one === layer ? share : null));
  const known = model.memory.streamGradients.of(ids, contrast as Contrast);
  const question = { contrast: contrast as Contrast, known, shares, of: 'sum' } as const;
  let mean = new Float32Array();
  const take = (_: number, products: Float32Array) => {
    mean = products as Float32Array<ArrayBuffer>;
  };
  await attentionProducts(model, streams, question, run, take, () => {});
  return mean;
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
