/** What is bundled, from where, and how. */
import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './project.ts';
import { Problem } from './report.ts';

export interface BuildOptions {
  outDir: string;
  /** Minified and without source maps, as it is shipped. */
  production: boolean;
}

/** The webviews' entries by their names: each becomes a script and a style sheet. */
const panels = {
  attribution: 'webview/attribution/page.tsx',
  attention: 'webview/attention/page.tsx',
  probabilities: 'webview/probabilities/page.tsx',
  structure: 'webview/structure/page.tsx',
};

const entries = [
  'src/extension.ts',
  'src/host/start.ts',
  'src/inference/serve/process.ts',
  'src/cli/main.ts',
  ...Object.values(panels),
];

/** Lets the CommonJS packages inside an ECMAScript module bundle require Node's own modules. */
const requireBanner =
  "import { createRequire as whytokenCreateRequire } from 'node:module';\n" +
  'const require = whytokenCreateRequire(import.meta.url);';

/** The Node of the oldest VS Code that the manifest's `engines` admits (1.101: Electron 35, Node 22.15). */
export const nodeTarget = 'node22.15';

export function bundles({ outDir, production }: BuildOptions): esbuild.BuildOptions[] {
  const common: esbuild.BuildOptions = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: !production,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  };
  const node: esbuild.BuildOptions = { ...common, platform: 'node', target: nodeTarget };
  const module: esbuild.BuildOptions = {
    ...node,
    format: 'esm',
    external: ['onnxruntime-node'],
    banner: { js: requireBanner },
  };
  return [
    {
      ...node,
      entryPoints: ['src/extension.ts'],
      outfile: path.join(outDir, 'extension.cjs'),
      format: 'cjs',
      // This bundle loads host.cjs only when something is first needed.
      external: ['vscode', '*/host.cjs'],
    },
    {
      ...node,
      entryPoints: ['src/host/start.ts'],
      outfile: path.join(outDir, 'host.cjs'),
      format: 'cjs',
      external: ['vscode'],
    },
    {
      ...module,
      entryPoints: ['src/inference/serve/process.ts'],
      outfile: path.join(outDir, 'inference.mjs'),
    },
    { ...module, entryPoints: ['src/cli/main.ts'], outfile: path.join(outDir, 'cli/main.mjs') },
    {
      ...common,
      entryPoints: panels,
      outdir: path.join(outDir, 'webview'),
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    },
  ];
}

/**
 * Warnings count as errors.
 * @throws Problem
 */
export async function bundle(options: esbuild.BuildOptions): Promise<esbuild.Metafile> {
  const result = await esbuild.build(options).catch((error: esbuild.BuildFailure) => error);
  const messages = [...result.errors, ...result.warnings];
  if (messages.length > 0 || !('metafile' in result)) {
    const texts = await esbuild.formatMessages(messages, { kind: 'error', color: process.stdout.isTTY });
    throw new Problem(`The build failed:\n${texts.join('\n')}`);
  }
  return result.metafile as esbuild.Metafile;
}

/**
 * Builds everything that is shipped. Warnings fail the build.
 * @returns one metafile per bundle, from which the third-party notices are made.
 * @throws Problem
 */
export async function build(options: BuildOptions): Promise<esbuild.Metafile[]> {
  const missing = entries.filter((entry) => !existsSync(path.join(root, entry)));
  if (missing.length > 0) throw new Problem(`The build needs ${missing.join(', ')}, which do not exist.`);
  const metafiles = await Promise.all(bundles(options).map(bundle));
  chmodSync(path.join(options.outDir, 'cli/main.mjs'), 0o755);
  return metafiles;
}
