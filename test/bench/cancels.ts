/**
 * Cancels requests about a very large checkpoint at random moments; prints milliseconds to idle, and what was killed.
 *
 *     node test/bench/cancels.ts [--rounds N] [--seed N]
 *
 * The checkpoint is of gpt2-xl's shape (6.2 GB), a sparse file of zeros in the temporary folder: it takes no room on the disk, and all of it
 * is read and hashed as any other. Idle is when the request has ended and the next one, which is small, has been taken up.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { EngineError } from '../../src/protocol/errors.ts';
import { writeCheckpoint } from '../fixtures/checkpoint.ts';
import { random } from '../fixtures/random.ts';
import { attendRequest } from '../fixtures/requests.ts';
import {
  explainParams,
  generateParams,
  realEngine,
  scoreParams,
  testedEngine,
  version,
} from '../process/support.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const draw = random(Number(values.seed));
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'whytoken-'));
process.on('exit', () => fs.rmSync(temporary, { recursive: true }));
const xl = { layers: 48, heads: 25, width: 1600, contextLength: 1024, vocabularySize: 50257 };
const model = writeCheckpoint(path.join(temporary, 'xl'), { ...xl, sparse: true });
const file = fs.statSync(path.join(model, 'model.safetensors'));
console.log(`${(file.size / 1e9).toFixed(1)} GB, ${(file.blocks / 2048).toFixed(1)} MB of them on the disk`);

const log: string[] = [];
const write = (message: string) => void log.push(message);
const sink = { trace: write, debug: write, info: write, warn: write, error: write };
const engine = testedEngine({ program: realEngine, version, log: sink });
const text = ' the'.repeat(128);
const requests = {
  score: (cancellation) => engine.score(scoreParams(text, model), { cancellation }),
  explain: (cancellation) => engine.explain(explainParams(text, model), { cancellation }),
  generate: (cancellation) => engine.generate(generateParams(text, model), { cancellation }),
  attend: (cancellation) =>
    engine.attend(attendRequest({ modelDir: model, text, offset: 8 }), { cancellation }),
  thumbnails: (cancellation) =>
    engine.thumbnails({ modelDir: model, text, bos: false, size: 64 }, { cancellation }),
  headPatterns: (cancellation) =>
    engine.headPatterns({ modelDir: model, length: 50, sequences: 4, seed: 0 }, { cancellation }),
  structure: (cancellation) => engine.structure({ modelDir: model }, { cancellation }),
} satisfies Record<string, (cancellation: CancellationTokenSource['token']) => Promise<unknown>>;

const begun = performance.now();
await engine.load({ modelDir: model });
console.log(`loaded in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
const times: { verb: string; ms: number }[] = [];
const failed: string[] = [];
const verbs = Object.entries(requests);
for (let round = 0; round < Number(values.rounds); round++) {
  const [verb, ask] = verbs[Math.floor(draw() * verbs.length)]!;
  const source = new CancellationTokenSource();
  const ended = ask(source.token).catch((error: unknown) => {
    if (!(error instanceof EngineError) || error.code !== 'cancelled') failed.push(`${verb}: ${error}`);
  });
  await sleep(3000 * draw());
  const start = performance.now();
  source.cancel();
  await ended;
  times.push({ verb, ms: performance.now() - start });
}
engine.dispose();

const sorted = (all: typeof times) => all.map(({ ms }) => ms).sort((a, b) => a - b);
const at = (all: number[], quantile: number) => all[Math.ceil(quantile * all.length) - 1]?.toFixed(0) ?? '–';
for (const verb of ['all', ...Object.keys(requests)]) {
  const own = sorted(times.filter((one) => verb === 'all' || one.verb === verb));
  console.log(
    `${verb.padEnd(14)} median ${at(own, 0.5)}  p95 ${at(own, 0.95)}  max ${at(own, 1)}  n ${own.length}`,
  );
}
const starts = log.filter(
  (line) => line.includes('Inference process ') && line.includes('onnxruntime'),
).length;
console.log(`processes started: ${starts}; other ends than cancelled: ${failed.length}`);
for (const line of new Set(failed)) console.log(`  ${line}`);
