/** The files of a model folder: their real paths, and small ones read as a whole. */
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { identity, OpenedFile } from './openedFile.ts';

export const configFile = 'config.json';
export const weightsFile = 'model.safetensors';

/**
 * Opens a file of the folder for reading.
 *
 * A link must stay inside the folder. The one exception is the Hugging Face hub's cache, where
 * `<repository>/snapshots/<revision>/<file>` is a link to `<repository>/blobs/<hash>`; the file's real path is used
 * from here on, since ONNX Runtime refuses external data behind a link that leaves its folder.
 *
 * @throws EngineError `model-folder-missing`, `file-missing`, `file-unreadable`, `file-outside-folder`
 */
export function openFile(folder: string, name: string): OpenedFile {
  const home = realFolder(folder);
  const file = path.join(home, name);
  let real: string;
  try {
    real = fs.realpathSync.native(file);
  } catch (error) {
    throw fileError(folder, name, error);
  }
  if (!isInside(home, real) && path.dirname(real) !== hubCache(home)?.blobs) {
    throw new EngineError('file-outside-folder', { file: name });
  }
  try {
    return new OpenedFile(name, real);
  } catch (error) {
    throw fileError(folder, name, error);
  }
}

export function fileExists(folder: string, name: string): boolean {
  return fs.existsSync(path.join(folder, name));
}

/** A string that changes once one of the files is replaced, changed, added or removed; links are followed. */
export function stampOf(folder: string, names: readonly string[]): string {
  const stamps = names.map((name) => {
    try {
      return identity(fs.statSync(path.join(folder, name), { bigint: true }));
    } catch {
      // Whatever the reason: opening the file reports it.
      return null;
    }
  });
  return JSON.stringify(stamps);
}

/** @throws EngineError as {@link openFile}, and `file-too-large` */
export function readSmallFile(folder: string, name: string): Buffer {
  const file = openFile(folder, name);
  try {
    if (file.size > limits.jsonFile) {
      throw new EngineError('file-too-large', { file: name, bytes: file.size, limit: limits.jsonFile });
    }
    return file.read(0, file.size);
  } finally {
    file.close();
  }
}

/** Decodes UTF-8; a byte-order mark at the front is dropped. @throws EngineError `json-invalid` */
export function decodeText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new EngineError('json-invalid', { file: name, reason: 'it is not UTF-8' });
  }
}

/** @throws EngineError `json-invalid` if the text is not a JSON object */
export function parseJsonObject(name: string, bytes: Uint8Array): Record<string, unknown> {
  const text = decodeText(name, bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new EngineError('json-invalid', { file: name, reason: (error as Error).message });
  }
  if (!isObject(value))
    throw new EngineError('json-invalid', { file: name, reason: 'it is not a JSON object' });
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The folder's own name; `organisation/model` for a snapshot in the hub's cache. */
export function folderName(folder: string): string {
  const home = realFolder(folder);
  const repository = hubCache(home)?.repository;
  return repository?.replace(/^models--/, '').replaceAll('--', '/') ?? path.basename(home);
}

function realFolder(folder: string): string {
  try {
    const real = fs.realpathSync.native(folder);
    if (fs.statSync(real).isDirectory()) return real;
  } catch {
    // Reported below, whatever the reason: there is no such folder for us.
  }
  throw new EngineError('model-folder-missing', { path: folder });
}

/** Only for `<repository>/snapshots/<revision>`. */
function hubCache(home: string): { blobs: string; repository: string } | undefined {
  const snapshots = path.dirname(home);
  if (path.basename(snapshots) !== 'snapshots') return undefined;
  const repository = path.dirname(snapshots);
  return { blobs: path.join(repository, 'blobs'), repository: path.basename(repository) };
}

/** @param of the platform's; another drive of Windows is another tree */
export function isInside(
  home: string,
  file: string,
  of: Pick<path.PlatformPath, 'relative' | 'isAbsolute' | 'sep'> = path,
): boolean {
  const relative = of.relative(home, file);
  const [first] = relative.split(of.sep);
  return relative !== '' && first !== '..' && !of.isAbsolute(relative);
}

function fileError(folder: string, name: string, error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? new EngineError('file-missing', { file: name, folder })
    : new EngineError('file-unreadable', { file: name, reason: code });
}
