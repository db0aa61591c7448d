/**
 * Draws the walkthrough's pictures anew, after another model or sample:
 *
 *     node scripts/walkthroughPictures.ts
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib/project.ts';
import { main } from './lib/report.ts';
import { walkthroughPictures } from './lib/walkthroughPictures.ts';

await main(async () => {
  for (const [name, svg] of Object.entries(await walkthroughPictures())) {
    writeFileSync(path.join(root, 'media/walkthrough', `${name}.svg`), svg);
  }
});
