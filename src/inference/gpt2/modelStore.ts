/** Opens models and keeps some of them: each stays open while somebody works with it, and for as long as there is room. */
import os from 'node:os';
import type { Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import { configFile, stampOf, weightsFile } from '../checkpoint/folder.ts';
import type { Run } from '../run.ts';
import type { Backend } from '../runtime/backend.ts';
import { onnxruntime } from '../runtime/onnxruntime.ts';
import { tokenizerFiles } from '../tokenizer/files.ts';
import { openTokenizer } from '../tokenizer/tokenizer.ts';
import { assembleGpt2, type Gpt2 } from './model.ts';
import type { SliceLength } from './pace.ts';

export interface ModelStoreOptions {
  /**
   * How many bytes of weights all models together may map. Beyond that the least recently used are closed, but none that
   * somebody works with, nor the one that was used last. By default a quarter of the machine's memory: four GPT-2s of
   * 124M parameters (0.5 GB each) on a machine of 8 GB.
   */
  mostBytes?: number;
  open?: (folder: string) => Promise<Gpt2>;
}

const modelFiles = [configFile, weightsFile, ...tokenizerFiles];

interface Entry {
  /** The stamp of the folder's files, just before they were opened. */
  readonly stamp: string;
  readonly model: Promise<Gpt2>;
  /** The model once it is open; null before. */
  opened: Gpt2 | null;
  users: number;
}

export class ModelStore {
  readonly #open: (folder: string) => Promise<Gpt2>;
  readonly #mostBytes: number;
  /** By folder, the least recently used first. */
  readonly #kept = new Map<string, Entry>();
  /** Models that are to be closed as soon as nobody works with them. */
  readonly #leaving = new Set<Entry>();

  constructor(slices: SliceLength, { mostBytes = os.totalmem() / 4, open }: ModelStoreOptions = {}) {
    this.#mostBytes = mostBytes;
    this.#open = open ?? ((folder) => openModel(folder, slices));
  }

  /**
   * Runs `work` with the folder's model; opens it where it is not open, or where its files have changed.
   * @throws EngineError what opening the checkpoint and the tokenizer throw
   */
  async use<R>(folder: string, run: Run<Progress>, work: (model: Gpt2) => Promise<R>): Promise<R> {
    const entry = this.#enter(folder, run);
    entry.users++;
    try {
      const model = await run.unlessAborted(entry.model);
      await this.#makeRoom();
      model.soundness.check();
      return await work(model);
    } finally {
      entry.users--;
      await this.#makeRoom();
    }
  }

  /** Closes all models; those that somebody works with, when they are done. */
  async dispose(): Promise<void> {
    for (const folder of [...this.#kept.keys()]) this.#letGo(folder);
    await this.#makeRoom();
  }

  /** The folder's entry, which now counts as the last used. */
  #enter(folder: string, run: Run<Progress>): Entry {
    const known = this.#kept.get(folder);
    const stamp = stampOf(folder, modelFiles);
    if (known?.stamp === stamp && isIntact(known)) {
      this.#kept.delete(folder);
      this.#kept.set(folder, known);
      return known;
    }
    if (known) this.#letGo(folder);
    run.report({ stage: 'loading', done: 0, total: null });
    // Opening is not tied to this run: another request may be waiting for the same model.
    const entry: Entry = { stamp, model: this.#open(folder), opened: null, users: 0 };
    this.#kept.set(folder, entry);
    entry.model.then(
      (model) => {
        entry.opened = model;
      },
      () => {
        if (this.#kept.get(folder) === entry) this.#kept.delete(folder);
      },
    );
    return entry;
  }

  #letGo(folder: string): void {
    const entry = this.#kept.get(folder);
    this.#kept.delete(folder);
    if (entry) this.#leaving.add(entry);
  }

  /**
   * Drops the least recently used models while all together are too large, and closes dropped models that nobody uses.
   */
  async #makeRoom(): Promise<void> {
    let bytes = [...this.#kept.values()].reduce((sum, entry) => sum + bytesOf(entry), 0);
    for (const [folder, entry] of [...this.#kept].slice(0, -1)) {
      if (bytes <= this.#mostBytes) break;
      if (entry.users > 0) continue;
      this.#letGo(folder);
      bytes -= bytesOf(entry);
    }
    const unused = [...this.#leaving].filter(({ users }) => users === 0);
    for (const entry of unused) this.#leaving.delete(entry);
    await Promise.all(unused.map(close));
  }
}

/** @param loadBackend gives what runs the model's graphs */
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

/** Bytes of its mapped weights. */
function bytesOf({ opened }: Entry): number {
  if (!opened) return 0;
  return [...opened.checkpoint.weights.index.values()].reduce((sum, { length }) => sum + length, 0);
}

/** Whether the mapped weights are still those that were validated. */
function isIntact({ opened }: Entry): boolean {
  try {
    opened?.checkpoint.weights.assertUnchanged();
    return true;
  } catch (error) {
    if (error instanceof EngineError) return false;
    throw error;
  }
}

async function close({ model }: Entry): Promise<void> {
  await model.then((opened) => opened.dispose()).catch(() => {});
}
