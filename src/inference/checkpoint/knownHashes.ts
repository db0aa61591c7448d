/** Hashes of checkpoints that were read by an earlier process, because reading gigabytes takes seconds each time. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { hashesVariable } from '../../protocol/environment.ts';

/** The newest come first. */
const mostKept = 64;
const entry = { key: /^[\da-f ]{1,300}$/, hash: /^[\da-f]{64}$/ };

/** In one file, which several processes share. It can be absent, damaged or not writable: then a file is read again. */
export class KnownHashes {
  readonly #file: string | null;

  constructor(file: string | null) {
    this.#file = file;
  }

  /** Where this process was told to keep them. */
  static ofProcess(): KnownHashes {
    return new KnownHashes(process.env[hashesVariable] || null);
  }

  /** @param key what identifies the files without reading them: it changes when they do */
  get(key: string): string | null {
    return this.#read().find(([known]) => known === key)?.[1] ?? null;
  }

  add(key: string, hash: string): void {
    if (this.#file === null) return;
    const others = this.#read().filter(([known]) => known !== key);
    const text = JSON.stringify([[key, hash], ...others].slice(0, mostKept));
    // What another process writes at the same time may be lost; half a file cannot be seen.
    const partial = `${this.#file}.${randomUUID()}`;
    try {
      fs.mkdirSync(path.dirname(this.#file), { recursive: true });
      writeWhole(this.#file, partial, text);
    } catch {
      // It is read again next time.
    }
  }

  #read(): [string, string][] {
    try {
      const value: unknown = JSON.parse(fs.readFileSync(this.#file ?? '', 'utf8'));
      return Array.isArray(value) ? value.filter(isEntry) : [];
    } catch {
      return [];
    }
  }
}

/** @throws Node's own errors, after which nothing is left of it */
function writeWhole(file: string, partial: string, text: string): void {
  try {
    fs.writeFileSync(partial, text, { mode: 0o600 });
    fs.renameSync(partial, file);
  } catch (error) {
    fs.rmSync(partial, { force: true });
    throw error;
  }
}

function isEntry(value: unknown): value is [string, string] {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [key, hash] = value;
  return typeof key === 'string' && typeof hash === 'string' && entry.key.test(key) && entry.hash.test(hash);
}
