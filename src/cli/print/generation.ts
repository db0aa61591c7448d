import type { GeneratedPiece } from '../../protocol/engine.ts';
import { withSigns } from '../../text/visible.ts';
import type { Screen } from '../terminal/screen.ts';

/** How many UTF-16 units of the text are repeated before its continuation. */
const promptUnits = 240;

/**
 * Prints generated text as it comes. A terminal first shows the end of the prompt, and signs instead of control
 * characters; a pipe or a file gets the continuation unchanged.
 */
export class GenerationStream {
  readonly #prompt: string;
  readonly #sequences: number;
  readonly #screen: Screen;
  #sequence = -1;
  #written: Promise<void> = Promise.resolve();

  constructor(prompt: string, sequences: number, screen: Screen) {
    this.#prompt = prompt.slice(-promptUnits);
    this.#sequences = sequences;
    this.#screen = screen;
  }

  add({ sequence, text }: GeneratedPiece): void {
    while (this.#sequence < sequence) this.#begin(this.#sequence + 1);
    this.#write(this.#screen.isTerminal ? onTerminal(text) : text);
  }

  /** Ends the last line. @throws what writing threw */
  async end(): Promise<void> {
    if (this.#sequence >= 0) this.#write('\n');
    await this.#written;
  }

  #begin(sequence: number): void {
    const { chalk, isTerminal } = this.#screen;
    if (sequence > 0) this.#write('\n');
    if (this.#sequences > 1) this.#write(chalk.bold(`── ${sequence + 1} of ${this.#sequences} ──\n`));
    if (isTerminal) this.#write(chalk.dim(onTerminal(this.#prompt)));
    this.#sequence = sequence;
  }

  #write(text: string): void {
    this.#written = this.#written.then(() => this.#screen.write(text));
    // `end` throws the error. Until then it must not count as an unhandled rejection.
    this.#written.catch(() => {});
  }
}

/** Keeps line breaks and tabs, and shows signs for what could control the terminal. */
function onTerminal(text: string): string {
  return text.replace(/[^\n\t]+/g, withSigns);
}
