/** Starting real inference processes from tests, and looking at them. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import type { EngineClient, EngineVerbs, RequestOptions } from '../../src/host/engine/client.ts';
import { engineOn } from '../../src/host/engine/forkedEngine.ts';
import type { LogSink } from '../../src/host/engine/log.ts';
import type { EngineProgram } from '../../src/host/engine/spawner.ts';
import { Supervisor, type SupervisorOptions } from '../../src/host/engine/supervisor.ts';
import { defaultTiming, type Timing } from '../../src/host/engine/timing.ts';
import type { AttendParams, ExplainParams, GenerateParams, ScoreParams } from '../../src/protocol/engine.ts';
import { EngineError, type ErrorCode } from '../../src/protocol/errors.ts';
import { type VerbName, verbNames } from '../../src/protocol/verbs.ts';

export const { version } = manifest;

const here = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export const realEngine: EngineProgram = { entry: here('../../src/inference/serve/process.ts') };
export const testEngine: EngineProgram = { entry: here('./programs/testEngine.ts') };
export const hostScript = here('./programs/host.ts');
export const oddProgram = (mode: string): EngineProgram => ({
  entry: here('./programs/odd.ts'),
  env: { WHYTOKEN_TEST: mode },
});

/** The real timing with pauses that a test can wait for. */
export function timingWith(changes: Partial<Timing>): Timing {
  return { ...defaultTiming, restartDelays: [10, 20, 30, 40], ...changes };
}

type LaneMayBeLeftOut<Verb> = Verb extends (
  params: infer Params,
  options: RequestOptions<infer Partial>,
) => infer Result
  ? (params: Params, options?: Omit<RequestOptions<Partial>, 'lane'> & { lane?: string }) => Result
  : never;

/** Where a test names no lane, it is the verb's name. */
export type TestedEngine = Omit<EngineClient, VerbName> & {
  readonly [V in VerbName]: LaneMayBeLeftOut<EngineVerbs[V]>;
} & {
  /** Starts the process if it does not run. */
  start(): Promise<unknown>;
};

export function testedEngine(options: SupervisorOptions): TestedEngine {
  const supervisor = new Supervisor(options);
  const engine = engineOn(supervisor);
  const named = (verb: VerbName) => (params: never, options: object) =>
    engine[verb](params, { lane: verb, ...options });
  const methods: unknown = Object.fromEntries(verbNames.map((verb) => [verb, named(verb)]));
  return Object.assign(Object.create(engine), methods, { start: () => supervisor.connect() });
}

export interface Host {
  engine: TestedEngine;
  log: string[];
  /** That the process has had, as the log tells them. */
  states: string[];
  /** Of the process that shook hands last. */
  pid(): number;
}

export interface HostOptions {
  program?: EngineProgram;
  version?: string;
  timing?: Partial<Timing>;
}

/** What an extension host would have; closed when the test is over. */
export function startHost(t: TestContext, options: HostOptions = {}): Host {
  const log: string[] = [];
  const states: string[] = [];
  const write = (level: keyof LogSink) => (message: string) => {
    log.push(`${level}: ${message}`);
    const state = /^The inference process: (.+)\.$/.exec(message)?.[1];
    if (state !== undefined) states.push(state);
  };
  const sink: LogSink = {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  };
  const timing = timingWith(options.timing ?? {});
  const program = options.program ?? testEngine;
  const engine = testedEngine({ program, version: options.version ?? version, log: sink, timing });
  t.after(() => engine.dispose());
  return { engine, log, states, pid: () => pidIn(log.join('\n')) };
}

/** The process named last in the client's log. */
export function pidIn(log: string): number {
  const pid = [...log.matchAll(/Inference process (\d+):/g)].at(-1)?.[1];
  assert.ok(pid, `no process is named in the log:\n${log}`);
  return Number(pid);
}

/** A process that has ended but was not yet reaped by its parent is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return (
      process.platform !== 'linux' || !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))
    );
  } catch {
    return false;
  }
}

/** Polls until the condition holds; fails with `what` after `patience` milliseconds. */
export async function until(what: string, condition: () => boolean, patience = 20_000): Promise<void> {
  const end = performance.now() + patience;
  while (!condition()) {
    assert.ok(performance.now() < end, `not within ${patience} ms: ${what}`);
    await sleep(10);
  }
}

export async function rejectsWith(code: ErrorCode, promise: Promise<unknown>): Promise<EngineError> {
  const error = await promise.then(
    () => assert.fail(`resolved instead of ending with ${code}`),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof EngineError, `not an EngineError: ${error}`);
  assert.equal(error.code, code, error.message);
  return error;
}

/** Resolves when a request that was given this listener has begun to work. */
export function firstProgress(): { onProgress: () => void; begun: Promise<unknown> } {
  const target = new EventTarget();
  return {
    onProgress: () => target.dispatchEvent(new Event('progress')),
    begun: once(target, 'progress'),
  };
}

export const scoreParams = (text: string, modelDir = 'none'): ScoreParams => ({
  ...{ modelDir, text, bos: false, range: null, top: 1, stride: null },
});

export const attendParams = (text: string, modelDir = 'none'): AttendParams => ({
  ...{ modelDir, text, bos: false, offset: text.length, view: { kind: 'mean' }, withoutFirst: false, top: 1 },
});

export const generateParams = (text: string, modelDir = 'none'): GenerateParams => ({
  ...{ modelDir, text, bos: false, sequences: 1, maxTokens: 4, seed: 1, temperature: 0, topK: 0, topP: 1 },
  ...{ repetitionPenalty: 1, stop: [], first: null },
});

export const explainParams = (text: string, modelDir = 'none'): ExplainParams => ({
  ...{ modelDir, text, bos: false, range: { start: 0, end: text.length }, at: { kind: 'end' } },
  ...{
    target: { kind: 'top' },
    foil: { kind: 'top' },
    method: 'integrated-gradients',
    objective: 'contrast',
  },
  ...{ baseline: 'zero', steps: 'auto', tolerance: 0.01 },
});
