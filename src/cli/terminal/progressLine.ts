import type { WriteStream } from 'node:tty';
import type { Progress } from '../../protocol/engine.ts';

const clearLine = '\r\u001b[K';
/** Work that ends sooner shows no progress, and nobody can read a line that changes faster. */
const intervalMs = 150;

/** One line on standard error that says how far the work is; nothing if that is not a terminal. */
export class ProgressLine {
  readonly #stream: WriteStream;
  /** While generated text appears on the screen, it is the progress. */
  readonly #textIsShown: boolean;
  #last = performance.now();
  #isShown = false;

  constructor(stream: WriteStream, textIsShown: boolean) {
    this.#stream = stream;
    this.#textIsShown = textIsShown;
  }

  show(progress: Progress<unknown>): void {
    if (!this.#stream.isTTY) return;
    if (progress.stage === 'generating' && this.#textIsShown) {
      this.clear();
      return;
    }
    const now = performance.now();
    if (progress.stage !== 'loading' && now - this.#last < intervalMs) return;
    this.#last = now;
    this.#isShown = true;
    this.#stream.write(`${clearLine}${describe(progress)}`);
  }

  clear(): void {
    if (this.#isShown) this.#stream.write(clearLine);
    this.#isShown = false;
  }
}

function describe({ stage, done, total }: Progress<unknown>): string {
  const count = total === null ? `${done}` : `${done} of ${total}`;
  return {
    loading: 'Loading the model …',
    reading: `Reading: ${count} tokens …`,
    explaining: `Explaining: ${count} evaluations …`,
    evaluating: `Measuring how far to believe it: ${count} evaluations …`,
    generating: `Generating: ${count} tokens …`,
  }[stage];
}
