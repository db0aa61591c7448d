/** What the nodes of the tree are called in plain words. */
import { visible } from '../../src/text/visible.ts';
import type { WeightNode } from '../../src/text/weightTree.ts';
import type { Label } from '../base/page.tsx';

/** By the end of a tensor's own name. */
const tensors: readonly (readonly [end: string, name: string])[] = [
  ['wte', 'tokens'],
  ['wpe', 'positions'],
  ['attn.c_attn', 'queriesKeysValues'],
  ['attn.c_proj', 'outputProjection'],
  ['mlp.c_fc', 'hiddenIn'],
  ['mlp.c_proj', 'hiddenOut'],
  ['lm_head', 'tokens'],
];

export function nameOf({ kind, tensor, layer, part, sums }: WeightNode, model: string, label: Label): string {
  switch (kind) {
    case 'model':
      return visible(model);
    case 'block':
      return label('block', layer ?? 0);
    case 'head':
      return label('head', part?.head ?? 0);
    case 'tied':
      return label('unembedding');
    case 'tensor':
      return tensorName(tensor ?? '', label);
    default:
      return sums ? label(kind) : '';
  }
}

function tensorName(tensor: string, label: Label): string {
  const owner = tensor.replace(/\.(weight|bias)$/, '');
  const isBias = tensor.endsWith('.bias');
  const name = tensors.find(([end]) => owner.endsWith(end))?.[1];
  if (!name) return label(isBias ? 'shift' : 'scale');
  if (/^(wte|wpe|lm_head)$/.test(owner)) return label(name);
  return label(isBias ? 'biasOf' : 'weightOf', label(name));
}

/** Block 3 › attention › head 5: without the model in front. */
export function pathName(path: readonly WeightNode[], model: string, label: Label): string {
  const inner = path.length > 1 ? path.slice(1) : path;
  return inner.map((node) => nameOf(node, model, label)).join(' › ');
}

export function shapeText(shape: readonly number[] | null): string {
  return shape ? shape.join(' × ') : '';
}
