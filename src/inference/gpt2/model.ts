/** An open GPT-2, which the verbs work with. */
import type { Checkpoint } from '../checkpoint/types.ts';
import type { Backend } from '../runtime/backend.ts';
import type { Gpt2Tokenizer } from '../tokens.ts';
import { emptyMemory, type Memory } from './memory/memory.ts';
import type { Network } from './network.ts';
import type { SliceLength } from './pace.ts';
import { Programs } from './programs.ts';
import { Soundness } from './soundness.ts';
import { wordEndsOf } from './wordEnds.ts';

export interface Gpt2 extends Network {
  /** What is known of the texts that were asked about last. */
  readonly memory: Memory;
  /** Closes the checkpoint and gives all memory back. Nobody may work with it any more. */
  dispose(): Promise<void>;
}

/** @param checkpoint is closed with the model */
export function assembleGpt2(
  checkpoint: Checkpoint,
  tokenizer: Gpt2Tokenizer,
  backend: Backend,
  slices: SliceLength,
): Gpt2 {
  const network: Network = {
    checkpoint,
    config: checkpoint.config,
    tokenizer,
    programs: new Programs(checkpoint, backend, slices, () => wordEndsOf(tokenizer)),
    soundness: new Soundness(checkpoint),
  };
  return {
    ...network,
    memory: emptyMemory(network),
    async dispose() {
      await network.soundness.close();
      await network.programs.release();
      checkpoint.dispose();
    },
  };
}
