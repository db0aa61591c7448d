/** For methods that follow the predicting token's weights through the layers. */
import type { Attribution, Ends, FunctionWith, Routes } from './method.ts';
import { atBaseline, atInput } from './points.ts';
import { rowTimes } from './triangular.ts';

/**
 * The last row of a product over the layers, the last layer first: a row times a matrix for each layer, so that no
 * product of two matrices is needed.
 * @param step from the row so far and the row times the layer's matrix to the row below
 * @returns `[place]`
 */
export async function routedDown(
  { layers, places, at }: Routes,
  step: (row: Float64Array, passed: Float64Array) => Float64Array,
): Promise<Float64Array> {
  let row: Float64Array = new Float64Array(places);
  row[places - 1] = 1;
  for (let layer = layers - 1; layer >= 0; layer--) {
    const matrix = await at(layer, layer === layers - 1 ? places - 1 : 0);
    row = step(row, rowTimes(row, matrix));
  }
  return row;
}

/** The explained tokens' part of weights over all places, with f at both ends, on which the weights do not depend. */
export async function explainedPart(
  f: FunctionWith<'values'>,
  { first }: Routes,
  weights: Float64Array,
): Promise<Attribution> {
  const [value, baselineValue] = (await f.values([atInput(f), atBaseline(f)])) as [number, number];
  const ends: Ends = { value, baselineValue };
  return { scores: weights.slice(first, first + f.count), ...ends };
}
