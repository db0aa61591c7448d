import type { HeadIndex } from '../../protocol/results.ts';
import type { Gpt2Config } from '../checkpoint/types.ts';

/** 1 for a head that is at work, 0 for one that is switched off: `[L, H]`. */
export function headMaskWithout(
  { layers, heads }: Pick<Gpt2Config, 'layers' | 'heads'>,
  without: readonly HeadIndex[],
): Float32Array {
  const mask = new Float32Array(layers * heads).fill(1);
  for (const { layer, head } of without) mask[layer * heads + head] = 0;
  return mask;
}
