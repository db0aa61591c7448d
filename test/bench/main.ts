/**
 * How fast we are, beside the machine's limits and, where a Python with torch, transformers and Captum, perhaps SHAP and LIME, is named,
 * beside those, in alternating runs. Asserts nothing.
 *
 *     node test/bench/main.ts [--model DIR] [--python PYTHON] [--rounds N]
 *
 * Without a model: a random checkpoint of GPT-2's smallest size, 498 MB in .cache/bench. The Python may also be named
 * by WHYTOKEN_PYTHON.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureFigures } from '../../src/cli/bench/figures.ts';
import { printFigure } from '../../src/cli/print/figure.ts';
import { openModel } from '../../src/inference/gpt2/modelStore.ts';
import { gpt2Small, writeCheckpoint } from '../fixtures/checkpoint.ts';
import { ratioOf, runContests } from './contests.ts';
import { Peer } from './peer.ts';

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    python: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});
const here = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const model = values.model ?? randomModel();
const python = values.python ?? process.env.WHYTOKEN_PYTHON;
const { log } = console;

function randomModel(): string {
  const folder = here('../../.cache/bench/gpt2-small');
  return existsSync(`${folder}/model.safetensors`) ? folder : writeCheckpoint(folder, gpt2Small);
}

log(`${cpus()[0]?.model}, ${availableParallelism()} cores; ${model}\n`);
await measureFigures(model, async (figure) => log(printFigure(figure)));

log('\nThe inference process (milliseconds, MB)');
execFileSync(process.execPath, [here('./process.ts'), '--model', model], { stdio: 'inherit' });

if (python) {
  const peer = new Peer(python, model);
  const { versions, threads } = await peer.ready();
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  log(`\nBeside ${names.join(', ')} with ${threads} threads, in turns: times as fast`);
  const opened = await openModel(model, 'throughput');
  const hasMasks = versions.shap !== undefined && versions.lime !== undefined;
  await runContests(opened, peer, Number(values.rounds), hasMasks, (contest) => {
    const { what, ours, peer: theirs, note } = contest;
    const milliseconds = (time: number) => `${(1000 * time).toFixed(0)} ms`.padStart(9);
    log(
      `${ratioOf(contest).toFixed(2).padStart(6)} ×  ${milliseconds(ours)} against ${milliseconds(theirs)}  ${what}`,
    );
    log(`${' '.repeat(10)}${note}`);
  });
  await opened.dispose();
  await peer.close();
}
