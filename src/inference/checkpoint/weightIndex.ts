/** Checks that the tensors of a file are the weights of a GPT-2: none missing, no others, all in shape. */
import { EngineError } from '../../protocol/errors.ts';
import { weightsFile as file } from './folder.ts';
import { gpt2Layout } from './layout.ts';
import type { TensorEntry } from './safetensors.ts';
import type { Gpt2Config, TensorLocation, WeightDtype, WeightIndex } from './types.ts';

const prefix = 'transformer.';
const head = 'lm_head.weight';
/** The causal mask and its fill value, which old versions of transformers saved with the weights. */
const legacyBuffer = /^h\.(\d+)\.attn\.(?:bias|masked_bias)$/;

/**
 * The weights in the order of {@link gpt2Layout}, without the `transformer.` prefix. A tied head's own copy is left out.
 *
 * @throws EngineError `tensor-missing`, `tensor-unexpected`, `tensor-shape`, `tensor-dtype`
 */
export function indexWeights(tensors: ReadonlyMap<string, TensorEntry>, config: Gpt2Config): WeightIndex {
  const layout = gpt2Layout(config);
  const found = new Map<string, TensorLocation>();
  for (const [fullName, entry] of tensors) {
    const name = fullName.startsWith(prefix) ? fullName.slice(prefix.length) : fullName;
    const shape = layout.get(name);
    if (shape !== undefined && !found.has(name)) {
      found.set(name, checkWeight(fullName, entry, shape));
    } else if (!isIgnored(name, config)) {
      throw new EngineError('tensor-unexpected', { file, tensor: fullName });
    }
  }
  const ordered = new Map<string, TensorLocation>();
  for (const name of layout.keys()) {
    const location = found.get(name);
    if (location === undefined) throw new EngineError('tensor-missing', { file, tensor: name });
    ordered.set(name, location);
  }
  return ordered;
}

function isIgnored(name: string, config: Gpt2Config): boolean {
  if (name === head) return config.tied;
  const layer = legacyBuffer.exec(name)?.[1];
  return layer !== undefined && Number(layer) < config.layers;
}

function checkWeight(
  tensor: string,
  { dtype, shape, offset, length }: TensorEntry,
  expected: readonly number[],
): TensorLocation {
  if (shape.length !== expected.length || shape.some((size, i) => size !== expected[i])) {
    throw new EngineError('tensor-shape', { file, tensor, shape: list(shape), expected: list(expected) });
  }
  if (!isWeightDtype(dtype)) throw new EngineError('tensor-dtype', { file, tensor, dtype });
  return { dtype, shape, offset, length };
}

function isWeightDtype(dtype: string): dtype is WeightDtype {
  return dtype === 'F32' || dtype === 'F16' || dtype === 'BF16';
}

function list(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
