/** Whether a checkpoint's weights are numbers: looked at once in the background, and again where a result is not one. */
import { EngineError } from '../../protocol/errors.ts';
import { checkFinite } from '../checkpoint/finite.ts';
import type { Checkpoint } from '../checkpoint/types.ts';
import { Run } from '../run.ts';

export class Soundness {
  readonly #checkpoint: Checkpoint;
  readonly #closing = new AbortController();
  #inspection: Promise<void> | undefined;
  #damage: unknown;

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
  }

  /**
   * Reads the whole file while other work runs, at the first call: for the hash that every receipt needs, then for
   * NaN, which is refused even where no text has touched it yet.
   * @throws EngineError `tensor-not-finite` from the first call after it was found
   */
  check(): void {
    const background = new Run(this.#closing.signal, () => {});
    this.#inspection ??= this.#checkpoint.fingerprint
      .of(background)
      .then(() => checkFinite(this.#checkpoint, background))
      .catch((error) => {
        this.#damage = error;
      });
    if (this.#damage) throw this.#damage;
  }

  /**
   * The value itself, once it is known to be a number.
   * @throws EngineError `tensor-not-finite` when a weight is to blame, else `result-not-finite`
   */
  async finite(value: number | undefined, run: Run): Promise<number> {
    if (value !== undefined && Number.isFinite(value)) return value;
    await checkFinite(this.#checkpoint, run);
    throw new EngineError('result-not-finite', { value: String(value) });
  }

  /** Stops looking, in the middle of the hash too. The file may be closed when the promise has resolved. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#inspection;
  }
}
