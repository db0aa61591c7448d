/** The part of onnxruntime-node that one platform needs at run time: 46 MB of the package's 290. */
import { cpSync, existsSync, globSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { readManifest, root } from './project.ts';
import { Problem } from './report.ts';

/**
 * The shared library that the binding links against. What else lies beside it (DirectML and the shader compiler on
 * Windows, a second copy of the library on macOS) is for providers that are not used, and is loaded only on demand.
 */
const libraries: Record<string, string> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

/** The npm packages that the runtime consists of. */
export const runtimePackages = ['onnxruntime-node', 'onnxruntime-common'];

function packageFolder(name: string): string {
  return path.join(root, 'node_modules', name);
}

/** Platforms that onnxruntime-node has a binary for, as VS Code names them: `linux-x64`, `win32-arm64`, … */
export function runtimeTargets(): string[] {
  const folder = path.join(packageFolder('onnxruntime-node'), 'bin/napi-v6');
  return globSync('*/*/onnxruntime_binding.node', { cwd: folder }).map((file) =>
    path.dirname(file).replaceAll(path.sep, '-'),
  );
}

/**
 * Copies the runtime into a `node_modules` folder.
 * @throws Problem when there is none for the target.
 */
export function copyRuntime(target: string, modules: string): void {
  const [platform, architecture] = target.split('-') as [string, string];
  const binaries = path.join('bin/napi-v6', platform, architecture);
  const library = libraries[platform];
  if (!library || !existsSync(path.join(packageFolder('onnxruntime-node'), binaries))) {
    throw new Problem(`onnxruntime-node has no binary for ${target}; it has ${runtimeTargets().join(', ')}.`);
  }
  const files: Record<string, string[]> = {
    'onnxruntime-node': [
      'package.json',
      ...scripts('onnxruntime-node', 'dist'),
      path.join(binaries, 'onnxruntime_binding.node'),
      path.join(binaries, library),
    ],
    'onnxruntime-common': [
      'package.json',
      'dist/cjs/package.json',
      ...scripts('onnxruntime-common', 'dist/cjs'),
    ],
  };
  for (const [name, names] of Object.entries(files)) {
    for (const file of names) {
      const to = path.join(modules, name, file);
      mkdirSync(path.dirname(to), { recursive: true });
      cpSync(path.join(packageFolder(name), file), to, { dereference: true });
    }
  }
}

function scripts(name: string, folder: string): string[] {
  return globSync(`${folder}/**/*.js`, { cwd: packageFolder(name) });
}

/** The version of the runtime that is installed. */
export function runtimeVersion(): string {
  return readManifest(packageFolder('onnxruntime-node')).version;
}
