/**
 * Measures the process boundary; prints milliseconds, asserts nothing.
 *
 *     node test/bench/process.ts [--model DIR] [--rounds N]
 *
 * Without a model: a random checkpoint of GPT-2's smallest size (124M parameters, 498 MB in the temporary folder).
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CancellationTokenSource, createMessageConnection } from 'vscode-jsonrpc';
import { IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { memoryOf } from '../../src/cli/bench/measure.ts';
import { spawnEngine } from '../../src/host/engine/spawner.ts';
import { type Progress, protocolVersion, requests } from '../../src/protocol/engine.ts';
import type { PartialExplanation } from '../../src/protocol/results.ts';
import { gpt2Small, writeCheckpoint } from '../fixtures/checkpoint.ts';
import {
  explainParams,
  firstProgress,
  generateParams,
  pidIn,
  realEngine,
  scoreParams,
  type TestedEngine,
  testedEngine,
  timingWith,
  version,
} from '../process/support.ts';

const { values } = parseArgs({
  options: { model: { type: 'string' }, rounds: { type: 'string', default: '30' } },
});
const rounds = Number(values.rounds);
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'whytoken-'));
process.on('exit', () => fs.rmSync(temporary, { recursive: true }));
const model = values.model ?? writeCheckpoint(path.join(temporary, 'gpt2-small'), gpt2Small);

function report(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.ceil(quantile * sorted.length) - 1]?.toFixed(1).padStart(8);
  console.log(`${what.padEnd(42)} median ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)}  n ${sorted.length}`);
}

async function since(start: number, event: Promise<unknown>): Promise<number> {
  await event.catch(() => {});
  return performance.now() - start;
}

async function forkToReady(): Promise<void> {
  const ready: number[] = [];
  const roundTrips: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    const child = spawnEngine(realEngine);
    const rpc = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    rpc.listen();
    ready.push(await since(start, rpc.sendRequest(requests.handshake, { protocolVersion })));
    for (let ping = 0; ping < 10; ping++) {
      roundTrips.push(await since(performance.now(), rpc.sendRequest(requests.ping)));
    }
    child.kill();
    rpc.dispose();
  }
  report('fork to ready, no model', ready);
  report('round trip of an empty request', roundTrips);
}

function startEngine() {
  const log: string[] = [];
  const write = (message: string) => void log.push(message);
  const sink = { trace: write, debug: write, info: write, warn: write, error: write };
  const timing = timingWith({ restartDelays: Array(rounds + 1).fill(0) });
  const engine = testedEngine({ program: realEngine, version, log: sink, timing });
  return { engine, pid: () => pidIn(log.join('\n')) };
}

/** A text of so many tokens in every vocabulary that knows the word. */
const words = (count: number) => ' the'.repeat(count);

/** An explanation of 128 words with many steps, and a moment at random in its middle. */
async function inTheMiddle(engine: TestedEngine, source: CancellationTokenSource) {
  const params = { ...explainParams(words(128), model), steps: 200 };
  const { onProgress, begun } = firstProgress();
  const ended = engine.explain(params, { cancellation: source.token, onProgress });
  await begun;
  await sleep(1500 * Math.random());
  return { ended };
}

async function cancelToIdle(): Promise<void> {
  const { engine } = startEngine();
  const loading = performance.now();
  await engine.load({ modelDir: model });
  report('fork to model ready and warm', [performance.now() - loading]);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const source = new CancellationTokenSource();
    const { ended } = await inTheMiddle(engine, source);
    const start = performance.now();
    source.cancel();
    times.push(await since(start, ended));
  }
  report('cancel to idle', times);
  engine.dispose();
}

/** From the request to the first scores that can be painted, and to the last; what the process holds afterwards. */
async function firstScores(): Promise<void> {
  const { engine, pid } = startEngine();
  await engine.load({ modelDir: model });
  report('memory of the process when it is ready (MB)', [memoryOf(pid()) / 1e6]);
  const params = explainParams(words(128), model);
  const [first, last]: [number[], number[]] = [[], []];
  for (let round = 0; round < 20; round++) {
    const start = performance.now();
    let painted: number | undefined;
    const onProgress = ({ partial }: Progress<PartialExplanation>) => {
      if (partial) painted ??= performance.now() - start;
    };
    const explanation = await engine.explain(params, { onProgress });
    last.push(performance.now() - start);
    first.push(painted ?? performance.now() - start);
    if (round === 0) console.log(`explaining ${explanation.tokens.length} tokens`);
  }
  report('request to first scores', first);
  report('request to δ within 1 %', last);
  await engine.score(scoreParams(words(128), model));
  await engine.generate(generateParams(words(128), model));
  report('memory after explaining, scoring, generating (MB)', [memoryOf(pid()) / 1e6]);
  engine.dispose();
}

async function killToRejected(): Promise<void> {
  const { engine, pid } = startEngine();
  const times: number[] = [];
  for (let round = 0; round < Math.min(rounds, 10); round++) {
    await engine.load({ modelDir: model });
    const { ended } = await inTheMiddle(engine, new CancellationTokenSource());
    const start = performance.now();
    process.kill(pid(), 'SIGKILL');
    times.push(await since(start, ended));
  }
  report('SIGKILL to rejected request', times);
  engine.dispose();
}

await forkToReady();
await firstScores();
await cancelToIdle();
await killToRejected();
