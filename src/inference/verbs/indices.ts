/** Layers and heads in requests are counted from 0. */
import type { MapView } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';

export function all(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** @throws EngineError `option-invalid` */
export function checkIndices(option: string, indices: readonly number[], count: number): void {
  const bad = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= count);
  if (bad !== undefined) {
    throw new EngineError('option-invalid', { option, value: bad, expected: `0 … ${count - 1}` });
  }
}

/** @throws EngineError `option-invalid` for a layer or head that does not exist */
export function checkView(view: MapView, { layers, heads }: { layers: number; heads: number }): void {
  if ('layer' in view) checkIndices('layer', [view.layer], layers);
  if ('head' in view) checkIndices('head', [view.head], heads);
}
