/** Private temporary folders. They are removed when no longer needed, or else by a later process. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Another host or container may share the temporary folder, but its process ids are not ours.
const host = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
const pattern = new RegExp(`^whytoken-${host}-(\\d+)-`);

export class ScratchFolder {
  readonly path: string;
  readonly #removeAtExit = (): void => remove(this.path);

  /** Mode 0700, for this user alone. @throws Node's own errors, as on a full disk */
  constructor() {
    this.path = fs.realpathSync.native(
      fs.mkdtempSync(path.join(os.tmpdir(), `whytoken-${host}-${process.pid}-`)),
    );
    process.on('exit', this.#removeAtExit);
  }

  dispose(): void {
    process.off('exit', this.#removeAtExit);
    remove(this.path);
  }
}

/** Removes the folders that killed processes of this user left behind. */
export function sweepScratchFolders(): void {
  for (const name of listing(os.tmpdir())) {
    const pid = Number(pattern.exec(name)?.[1]);
    const folder = path.join(os.tmpdir(), name);
    if (pid > 0 && !isAlive(pid) && isOurs(folder)) remove(folder);
  }
}

function listing(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/**
 * Whether it is a real folder, not a link that somebody put there, and belongs to this user where the system knows
 * users.
 */
function isOurs(folder: string): boolean {
  const stats = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && (process.getuid === undefined || stats.uid === process.getuid());
}

/** Windows keeps a file that is still mapped. A later sweep removes it then. */
function remove(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch {
    // Left for the next sweep.
  }
}
