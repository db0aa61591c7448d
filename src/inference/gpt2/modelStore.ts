/** Opens checkpoints and keeps the latest: a model stays open while somebody works with it, and no longer than needed. */
import type { Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import type { Run } from '../run.ts';
import type { Backend } from '../runtime/backend.ts';
import { onnxruntime } from '../runtime/onnxruntime.ts';
import { openTokenizer } from '../tokenizer/tokenizer.ts';
import { assembleGpt2, type Gpt2 } from './model.ts';
import type { SliceLength } from './pace.ts';

interface Entry {
  folder: string;
  model: Promise<Gpt2>;
  users: number;
}

export class ModelStore {
  readonly #slices: SliceLength;
  #latest: Entry | null = null;

  constructor(slices: SliceLength) {
    this.#slices = slices;
  }

  /**
   * Runs `work` with the folder's model; opens it where it is not the latest, or where its files have changed.
   * @throws EngineError what opening the checkpoint and the tokenizer throw
   */
  async use<R>(folder: string, run: Run<Progress>, work: (model: Gpt2) => Promise<R>): Promise<R> {
    const entry = await this.#enter(folder, run);
    try {
      const model = await run.unlessAborted(entry.model);
      model.soundness.check();
      return await work(model);
    } finally {
      entry.users--;
      if (entry !== this.#latest) await closeIfUnused(entry);
    }
  }

  async dispose(): Promise<void> {
    await this.#replace(null);
  }

  async #enter(folder: string, run: Run<Progress>): Promise<Entry> {
    const latest = this.#latest;
    if (latest?.folder === folder && (await isCurrent(latest)) && latest === this.#latest) {
      latest.users++;
      return latest;
    }
    run.report({ stage: 'loading', done: 0, total: null });
    // Opening is not tied to this run: another request may be waiting for the same model.
    const entry: Entry = { folder, model: openModel(folder, this.#slices), users: 1 };
    entry.model.catch(() => {
      if (this.#latest === entry) this.#latest = null;
    });
    await this.#replace(entry);
    return entry;
  }

  async #replace(entry: Entry | null): Promise<void> {
    const old = this.#latest;
    this.#latest = entry;
    if (old) await closeIfUnused(old);
  }
}

/** @param loadBackend what its graphs are run by */
export async function openModel(
  folder: string,
  slices: SliceLength,
  loadBackend: () => Promise<Backend> = onnxruntime,
): Promise<Gpt2> {
  const checkpoint = await openCheckpoint(folder);
  try {
    const tokenizer = openTokenizer(folder, checkpoint.config.vocabularySize);
    return assembleGpt2(checkpoint, tokenizer, await loadBackend(), slices);
  } catch (error) {
    checkpoint.dispose();
    throw error;
  }
}

/** False once a file has been replaced: the next request then opens the new one. */
async function isCurrent({ model }: Entry): Promise<boolean> {
  try {
    (await model).checkpoint.weights.assertUnchanged();
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

async function closeIfUnused({ users, model }: Entry): Promise<void> {
  if (users > 0) return;
  await model.then((opened) => opened.dispose()).catch(() => {});
}
