import type { ModelInfo } from '../../protocol/engine.ts';
import type { Checkpoint } from './types.ts';

/** What people are told about a checkpoint. */
export function infoOf({ name, config, parameters, dtype }: Checkpoint): ModelInfo {
  const { layers, heads, width, contextLength, vocabularySize } = config;
  return { name, layers, heads, width, contextLength, vocabularySize, parameters, dtype };
}
