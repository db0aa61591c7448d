/** Where things are in the repository. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');
/** Everything that is downloaded or made for trying and testing; ignored by git, safe to delete. */
export const cacheDir = path.join(root, '.cache');
export const distDir = path.join(root, 'dist');

export interface Manifest {
  name: string;
  publisher: string;
  version: string;
  dependencies: Record<string, string>;
  [key: string]: unknown;
}

export function readManifest(folder: string = root): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** What this machine's package and runtime files are called: `linux-x64`, `win32-arm64`, … */
export const platformTarget = `${process.platform}-${process.arch}`;

/** The package that `npm run package` makes for a platform. */
export function vsixPath(target: string = platformTarget): string {
  const { name, version } = readManifest();
  return path.join(root, `${name}-${target}-${version}.vsix`);
}
