/** The bundles of the suite that runs inside the extension host: mocha's entry, and one for each test file. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { bundle, nodeTarget } from '../../scripts/lib/bundle.ts';
import { distDir, root } from '../../scripts/lib/project.ts';

/**
 * @param host a name for those who have the same files.
 * @param files the test files.
 * @returns the entry, which exports `run()`, as @vscode/test-electron asks.
 * @throws Problem
 */
export async function buildExtensionTests(host: string, files: readonly string[]): Promise<string> {
  const outdir = path.join(distDir, 'test/extension', host);
  // Every bundle that lies there is run.
  rmSync(outdir, { recursive: true, force: true });
  await bundle({
    absWorkingDir: root,
    entryPoints: ['test/extension/run.ts', ...files],
    outdir,
    outbase: path.join(root, 'test/extension'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: nodeTarget,
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    metafile: true,
    logLevel: 'silent',
  });
  return path.join(outdir, 'run.cjs');
}
