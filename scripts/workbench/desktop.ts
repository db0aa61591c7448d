/** Desktop VS Code, where it can be shown and downloaded. */
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cacheDir } from '../lib/project.ts';
import { reasonOf } from '../lib/report.ts';

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * @returns the executable of desktop VS Code, downloaded if necessary. Without a display or a way to download it: null,
 * and the reason is printed.
 */
export async function findDesktop(): Promise<string | null> {
  if (!hasDisplay()) {
    console.log('  There is no display here (DISPLAY and WAYLAND_DISPLAY are unset): no desktop VS Code.');
    return null;
  }
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(cacheDir, 'vscode'), timeout: 15_000 });
  } catch (error) {
    console.log(`  VS Code cannot be downloaded (${reasonOf(error)}).`);
    return null;
  }
}
