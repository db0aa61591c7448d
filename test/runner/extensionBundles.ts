/** The bundles of the suite that runs inside the extension host: mocha's entry, and one for each test file. */
import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle, nodeTarget } from '../../scripts/lib/bundle.ts';
import { distDir, root } from '../../scripts/lib/project.ts';

const outdir = path.join(distDir, 'test/extension');

/**
 * @returns the entry, which exports `run()`, as @vscode/test-electron asks.
 * @throws Problem
 */
export async function buildExtensionTests(): Promise<string> {
  // A bundle of a file that is not there any more would run, too.
  rmSync(outdir, { recursive: true, force: true });
  await bundle({
    absWorkingDir: root,
    entryPoints: globSync(['test/extension/run.ts', 'test/extension/**/*.test.ts'], { cwd: root }),
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
