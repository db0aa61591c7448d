/** Checks that a checkpoint's weights are numbers: once in the background, and again if a result is not a number. */
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
   * At the first call, reads the whole file while other work runs: for the hash that every receipt needs, and for NaN,
   * which is refused even if no text has used it yet.
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
   * Returns the value if it is a finite number.
   * @throws EngineError `tensor-not-finite` if a weight is the cause, else `result-not-finite`
   */
  async finite(value: number | undefined, run: Run): Promise<number> {
    if (value !== undefined && Number.isFinite(value)) return value;
    await checkFinite(this.#checkpoint, run);
    throw new EngineError('result-not-finite', { value: String(value) });
  }

  /** Stops checking, even in the middle of the hash. The file may be closed once the promise has resolved. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#inspection;
  }
}
