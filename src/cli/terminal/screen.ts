/** Where the answer goes: standard output, which may be a terminal, a pipe or a file. */
import { setImmediate } from 'node:timers/promises';
import { Chalk, type ChalkInstance } from 'chalk';

const usualWidth = 80;
/** UTF-16 units that are written at once. */
const chunkLength = 1 << 16;

/** Writing to standard output has failed. */
export class OutputError extends Error {
  override name = 'OutputError';
  /** Node's code, such as EPIPE or ENOSPC. */
  readonly code: string;

  constructor(cause: NodeJS.ErrnoException) {
    const code = cause.code ?? cause.message;
    super(`Standard output cannot be written: ${code}. Write to another place.`, { cause });
    this.code = code;
  }
}

export class Screen {
  readonly isTerminal: boolean;
  /** Columns. */
  readonly width: number;
  /** Paints text, or leaves it unchanged if there are no colours. */
  readonly chalk: ChalkInstance;
  readonly #stream: NodeJS.WriteStream;
  readonly #signal: AbortSignal;

  constructor(stream: NodeJS.WriteStream, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
    this.isTerminal = stream.isTTY === true;
    this.width = (this.isTerminal && stream.columns) || usualWidth;
    // Node looks at TERM, COLORTERM, NO_COLOR and similar variables.
    this.chalk = new Chalk({ level: levelOf(this.isTerminal ? stream.getColorDepth() : 1) });
  }

  get hasColours(): boolean {
    return this.chalk.level > 0;
  }

  /**
   * Resolves when the text has been passed on, so that no more is produced than the reader takes. @throws OutputError
   */
  async write(text: string): Promise<void> {
    // Lets signals come in first, because writing to a full pipe blocks the thread.
    await setImmediate();
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => (error ? reject(new OutputError(error)) : resolve()));
    });
  }

  /** @throws OutputError, and the signal's reason */
  async writeAll(pieces: Iterable<string>): Promise<void> {
    let chunk = '';
    for (const piece of pieces) {
      chunk += piece;
      if (chunk.length < chunkLength) continue;
      this.#signal.throwIfAborted();
      await this.write(chunk);
      chunk = '';
    }
    await this.write(chunk);
  }
}

function levelOf(depth: number): 0 | 1 | 2 | 3 {
  if (depth >= 24) return 3;
  if (depth >= 8) return 2;
  return depth >= 4 ? 1 : 0;
}
