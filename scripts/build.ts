/**
 * Bundles the sources into dist/ with esbuild.
 *
 *     node scripts/build.ts [--production] [--watch]
 */
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { type BuildOptions, build, bundles } from './lib/bundle.ts';
import { distDir } from './lib/project.ts';
import { main } from './lib/report.ts';

async function watch(options: BuildOptions): Promise<void> {
  for (const bundleOptions of bundles(options)) {
    const context = await esbuild.context({ ...bundleOptions, logLevel: 'info' });
    await context.watch();
  }
}

function sizes(metafiles: esbuild.Metafile[]): string {
  return metafiles
    .flatMap((metafile) => Object.entries(metafile.outputs))
    .filter(([file]) => !file.endsWith('.map'))
    .map(([file, output]) => `  ${file} ${(output.bytes / 1000).toFixed(1)} kB`)
    .join('\n');
}

await main(async () => {
  const { values } = parseArgs({
    options: { production: { type: 'boolean' }, watch: { type: 'boolean' } },
  });
  const options = { outDir: distDir, production: values.production ?? false };
  if (values.watch) await watch(options);
  else console.log(sizes(await build(options)));
});
