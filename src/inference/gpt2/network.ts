/** A checkpoint that can be computed with, and nothing of what has been asked of it before. */
import type { Checkpoint, Gpt2Config } from '../checkpoint/types.ts';
import type { Gpt2Tokenizer } from '../tokens.ts';
import type { Programs } from './programs.ts';
import type { Soundness } from './soundness.ts';

/** Functions name those parts of it that they use. */
export interface Network {
  readonly checkpoint: Checkpoint;
  /** The checkpoint's. */
  readonly config: Gpt2Config;
  readonly tokenizer: Gpt2Tokenizer;
  readonly programs: Programs;
  readonly soundness: Soundness;
}
