/**
 * Makes the package that people install: bundles, media, texts, the small model, and the runtime of one platform.
 * It is put together in a temporary folder, so the working tree stays as it is.
 *
 *     node scripts/package.ts [--target PLATFORM-ARCHITECTURE]
 */
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { build } from './lib/bundle.ts';
import { thirdPartyNotices } from './lib/notices.ts';
import { type Manifest, platformTarget, readManifest, root, vsixPath } from './lib/project.ts';
import { main, megabytes, step } from './lib/report.ts';
import { copyRuntime } from './lib/runtime.ts';

/** Leaves out what only this repository needs. */
function packagedManifest(manifest: Manifest): object {
  const { scripts, devDependencies, dependencies, optionalDependencies, private: _, ...rest } = manifest;
  return { ...rest, files: ['**'] };
}

async function stage(staging: string, target: string): Promise<void> {
  const manifest = readManifest();
  const metafiles = await build({ outDir: path.join(staging, 'dist'), production: true });
  copyRuntime(target, path.join(staging, 'dist/node_modules'));
  // The files that .vscodeignore does not exclude.
  for (const file of await listFiles({ cwd: root, packageManager: PackageManager.None })) {
    cpSync(path.join(root, file), path.join(staging, file), { recursive: true });
  }
  writeFileSync(path.join(staging, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(metafiles));
  const packaged = JSON.stringify(packagedManifest(manifest), null, 2);
  writeFileSync(path.join(staging, 'package.json'), packaged);
}

await main(async () => {
  const { values } = parseArgs({ options: { target: { type: 'string', default: platformTarget } } });
  const { target } = values;
  const packagePath = vsixPath(target);
  const staging = mkdtempSync(path.join(tmpdir(), 'whytoken-package-'));
  try {
    await step(`Packaging for ${target}`, async () => {
      await stage(staging, target);
      await createVSIX({
        cwd: staging,
        packagePath,
        target,
        dependencies: false,
        allowMissingRepository: true,
        rewriteRelativeLinks: false,
      });
    });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  console.log(`${path.relative(root, packagePath)}: ${megabytes(statSync(packagePath).size)}`);
});
