import type { PlatformPath } from 'node:path';

/** A path that a person wrote, with a leading `~` as the home folder; on Windows also before a backslash. */
export function homePath(
  written: string,
  home: string,
  { join, sep }: Pick<PlatformPath, 'join' | 'sep'>,
): string {
  if (written === '~') return home;
  const isInHome = written.startsWith('~/') || written.startsWith(`~${sep}`);
  return isInHome ? join(home, written.slice(2)) : written;
}
