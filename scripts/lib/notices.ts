/** The licences of all software in the package that was written by others. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { readManifest, root } from './project.ts';
import { Problem } from './report.ts';
import { runtimePackages, runtimeVersion } from './runtime.ts';

/** Names of the npm packages that went into the bundles. */
function bundledPackages(metafiles: Metafile[]): string[] {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const names = inputs.map((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

function section(title: string, ...texts: string[]): string {
  return [`${'='.repeat(80)}\n${title}`, ...texts.map((text) => text.trim())].join('\n\n');
}

/** @throws Problem when a package has no licence file. */
function packageSection(name: string): string {
  const folder = path.join(root, 'node_modules', name);
  const { version, license } = readManifest(folder);
  const files = readdirSync(folder).filter((file) =>
    /^(licen[cs]e|notice|third-?party-?notices)/i.test(file),
  );
  if (files.length === 0)
    throw new Problem(`${name} has no licence file; its licence must be in the package.`);
  const texts = files.sort().map((file) => readFileSync(path.join(folder, file), 'utf8'));
  return section(`${name} ${version} (${license})`, ...texts);
}

/** The runtime's npm packages carry no licence; these are the files of its Python package of the same version. */
function runtimeSection(): string {
  const version = runtimeVersion();
  const folder = path.join(root, `scripts/notices/onnxruntime-${version}`);
  if (!existsSync(folder)) {
    throw new Problem(
      `scripts/notices has no licences of ONNX Runtime ${version}. Take LICENSE and ThirdPartyNotices.txt from the ` +
        `wheel that "pip download --no-deps onnxruntime==${version}" fetches.`,
    );
  }
  const texts = ['LICENSE.txt', 'ThirdPartyNotices.txt'].map((file) =>
    readFileSync(path.join(folder, file), 'utf8'),
  );
  return section(`${runtimePackages.join(', ')} ${version} (MIT)`, ...texts);
}

/** @throws Problem */
export function thirdPartyNotices(metafiles: Metafile[]): string {
  const intro = 'Whytoken contains the following software, under the licences that follow each name.';
  return `${[intro, ...bundledPackages(metafiles).map(packageSection), runtimeSection()].join('\n\n')}\n`;
}
