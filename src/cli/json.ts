/** Results as JSON on standard output: one object and a line break. */
import type { MethodOptionValues } from '../protocol/methods.ts';
import type { AttentionMaps, Evidence, Explanation, Generation, Scores } from '../protocol/results.ts';
import { hasConverged } from '../text/telling/sums.ts';
import type { ShownWord } from '../text/words.ts';

/**
 * The explanation without what only unfinished answers need. `layers`, where the method tells them apart: `[row][token]`,
 * the embedding, then each layer's attention and its MLP. `components`, where it tells the parts of the model apart: their
 * `heads` as `[layer][head]`. `converged`: for a method
 * that works until δ is within its tolerance, whether it got there; null for all others.
 * @param options as requested. Every receipt has `steps`, `tolerance` and `seed`, even if the method does not use them,
 * as receipts of earlier versions had.
 */
export function* explanationJson(
  explanation: Explanation & { evidence?: Evidence },
  { steps, tolerance, seed }: MethodOptionValues,
): Generator<string> {
  const { refining: _, layers, components, ...result } = explanation;
  const receipt = { steps, tolerance, seed, ...result.receipt };
  const byLayer = layers && { layers: contributionsOf(layers) };
  const byPart = components && { components: componentsOf(components) };
  const whole = { ...result, receipt, converged: hasConverged(explanation), ...byLayer, ...byPart };
  yield `${JSON.stringify(whole)}\n`;
}

function componentsOf({ embedding, heads, mlps, biases }: NonNullable<Explanation['components']>) {
  const layers = mlps.length;
  return {
    embedding,
    heads: contributionsOf({ rows: layers, contributions: heads }),
    mlps: Array.from(mlps),
    biases,
  };
}

function contributionsOf({ rows, contributions }: NonNullable<Explanation['layers']>): number[][] {
  const tokens = contributions.length / rows;
  const row = (at: number) => Array.from(contributions.subarray(at * tokens, (at + 1) * tokens));
  return Array.from({ length: rows }, (_, at) => row(at));
}

export function* resultJson(
  result: (Scores & { words?: readonly ShownWord[] }) | Generation,
): Generator<string> {
  yield `${JSON.stringify(result)}\n`;
}

/**
 * `attention` as `[layer][head][query][key]`, row by row: all maps of a GPT-2 on a full context are longer than
 * JavaScript's longest string.
 */
export function* attentionJson({ attention, ...rest }: AttentionMaps): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"attention":`;
  yield* list(attention, (heads) => list(heads, (map) => list(rowsOf(map), rowJson)));
  yield '}\n';
}

function* list<T>(items: Iterable<T>, json: (item: T) => Iterable<string>): Generator<string> {
  let before = '[';
  for (const item of items) {
    yield before;
    yield* json(item);
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

/** @param map `[N, N]` */
export function* rowsOf(map: Float32Array): Generator<Float32Array> {
  const count = Math.sqrt(map.length);
  for (let row = 0; row < count; row++) yield map.subarray(row * count, (row + 1) * count);
}

function* rowJson(row: Float32Array): Generator<string> {
  yield JSON.stringify(Array.from(row));
}
