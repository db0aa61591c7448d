/** A checkpoint and what computes with it, without any memory of earlier requests. */
import type { Checkpoint, Gpt2Config } from '../checkpoint/types.ts';
import type { Gpt2Tokenizer } from '../tokens.ts';
import type { Programs } from './programs.ts';
import type { Soundness } from './soundness.ts';

/** Functions take only those parts of it that they use. */
export interface Network {
  readonly checkpoint: Checkpoint;
  readonly config: Gpt2Config;
  readonly tokenizer: Gpt2Tokenizer;
  readonly programs: Programs;
  readonly soundness: Soundness;
}
