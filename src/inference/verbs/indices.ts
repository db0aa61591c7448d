/** Layers and heads as they are counted in requests: from 0. */
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
