import type { LogOutputChannel } from 'vscode';

/** Milliseconds from the command `Explain Selection`. */
export interface Timings {
  /** To the first colours, which may be of a partial answer. */
  firstPaint: number;
  /** To the colours of the final answer. */
  final: number;
  tokens: number;
}

/** The time of one explanation. */
export interface Lap {
  /** Colours have come; only the first ones count. */
  painted(): void;
  /** The explanation has come to its end. */
  stop(tokens: number): void;
}

/** Measures each explanation for the log and for the tests. */
export class Stopwatch {
  readonly #log: LogOutputChannel;
  #last: Timings | null = null;

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  /** Of the last explanation that was finished. */
  get last(): Timings | null {
    return this.#last;
  }

  start(): Lap {
    const started = performance.now();
    const sinceStart = () => performance.now() - started;
    let firstPaint: number | null = null;
    return {
      painted: () => {
        firstPaint ??= sinceStart();
      },
      stop: (tokens) => {
        const final = sinceStart();
        this.#last = { firstPaint: firstPaint ?? final, final, tokens };
        const [first, all] = [this.#last.firstPaint.toFixed(1), final.toFixed(1)];
        this.#log.debug(`explained ${tokens} tokens: first paint ${first} ms, final ${all} ms`);
      },
    };
  }
}
