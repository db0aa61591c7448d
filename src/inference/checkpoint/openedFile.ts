/** A file that stays open and notices when it is changed or replaced. */
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../protocol/errors.ts';

export class OpenedFile {
  /** Its name in the model folder, which people know. */
  readonly name: string;
  /** Folder and base name of the real file, links resolved. */
  readonly folder: string;
  readonly base: string;
  readonly size: number;
  readonly #descriptor: number;
  /** Device, inode, size and modification time when it was opened, as decimal numbers. */
  readonly identity: string;
  #closed = false;

  /** @throws EngineError `file-unreadable` when `realPath` is not a regular file; Node's own errors otherwise */
  constructor(name: string, realPath: string) {
    this.name = name;
    this.folder = path.dirname(realPath);
    this.base = path.basename(realPath);
    // Checked before opening, because opening a named pipe waits until somebody writes to it.
    if (!fs.statSync(realPath).isFile()) {
      throw new EngineError('file-unreadable', { file: name, reason: 'it is not a regular file' });
    }
    this.#descriptor = fs.openSync(realPath, 'r');
    const stats = fs.fstatSync(this.#descriptor, { bigint: true });
    this.identity = identity(stats);
    this.size = Number(stats.size);
  }

  get path(): string {
    return path.join(this.folder, this.base);
  }

  /** Exactly `length` bytes from `position` on. @throws EngineError `file-changed`, `file-unreadable` */
  read(position: number, length: number): Buffer<ArrayBuffer> {
    const bytes = Buffer.allocUnsafeSlow(length);
    // A single read is limited to 2³¹ − 1 bytes.
    const most = 1 << 30;
    for (let done = 0; done < length; ) {
      const count = this.#readInto(bytes, done, Math.min(most, length - done), position + done);
      if (count === 0) throw this.#changed();
      done += count;
    }
    return bytes;
  }

  #readInto(bytes: Buffer, offset: number, length: number, position: number): number {
    if (this.#closed) throw new EngineError('cancelled');
    try {
      return fs.readSync(this.#descriptor, bytes, offset, length, position);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? String(error);
      throw new EngineError('file-unreadable', { file: this.name, reason });
    }
  }

  /**
   * Compares device, inode, size and modification time of the file that now has this path with those of the opened
   * file.
   * @throws EngineError `file-changed`
   */
  assertUnchanged(): void {
    const stats = fs.statSync(this.path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined || identity(stats) !== this.identity) throw this.#changed();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    fs.closeSync(this.#descriptor);
  }

  #changed(): EngineError {
    return new EngineError('file-changed', { file: this.name });
  }
}

/** What identifies a file and its content without reading it. */
export function identity(stats: fs.BigIntStats): string {
  return `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs}`;
}
