import type { LogOutputChannel } from 'vscode';

/** Milliseconds from the command `Explain Selection`. */
export interface Timings {
  /** To the first colours, which may be of a partial answer. */
  firstPaint: number;
  /** To the colours of the final answer. */
  final: number;
  tokens: number;
}

/** Measures each explanation for the log and for the tests. */
export class Stopwatch {
  readonly #log: LogOutputChannel;
  #started = 0;
  #firstPaint: number | null = null;
  #last: Timings | null = null;

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  /** Of the last explanation that came to its end. */
  get last(): Timings | null {
    return this.#last;
  }

  start(): void {
    this.#started = performance.now();
    this.#firstPaint = null;
  }

  painted(): void {
    this.#firstPaint ??= performance.now() - this.#started;
  }

  stop(tokens: number): void {
    const final = performance.now() - this.#started;
    const firstPaint = this.#firstPaint ?? final;
    this.#last = { firstPaint, final, tokens };
    this.#log.debug(
      `explained ${tokens} tokens: first paint ${firstPaint.toFixed(1)} ms, final ${final.toFixed(1)} ms`,
    );
  }
}
