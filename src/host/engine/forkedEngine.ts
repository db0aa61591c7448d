/** The engine as a forked process that is started when it is needed. */
import type { CancellationToken, ProgressType, RequestType } from 'vscode-jsonrpc';
import {
  type AttentionParams,
  type ExplainParams,
  type GeneratedPiece,
  type GenerateParams,
  type ModelInfo,
  type Progress,
  progressOf,
  requests,
  type ScoreParams,
  type WithProgress,
} from '../../protocol/engine.ts';
import { EngineError, type EngineErrorData } from '../../protocol/errors.ts';
import type { AttentionMaps, Explanation, Generation, Scores } from '../../protocol/results.ts';
import type { EngineClient, EngineState, RequestOptions } from './client.ts';
import type { CallOptions } from './engineProcess.ts';
import type { LogSink } from './log.ts';
import type { EngineProgram } from './spawner.ts';
import { Supervisor } from './supervisor.ts';
import { defaultTiming, type Timing } from './timing.ts';

export class ForkedEngine implements EngineClient {
  readonly #supervisor: Supervisor;

  /** @param version the extension's own, which the process must share */
  constructor(program: EngineProgram, version: string, log: LogSink, timing: Timing = defaultTiming) {
    this.#supervisor = new Supervisor({ program, version, log, timing });
  }

  get state(): EngineState {
    return this.#supervisor.state;
  }

  get onDidChangeState() {
    return this.#supervisor.onDidChangeState;
  }

  async start(): Promise<void> {
    this.#supervisor.forgive();
    await this.#supervisor.connect();
  }

  load(modelDir: string, options: RequestOptions = {}): Promise<ModelInfo> {
    return this.#request(requests.load, progressOf.load, { modelDir }, options);
  }

  explain(params: ExplainParams, options: RequestOptions<Explanation> = {}): Promise<Explanation> {
    return this.#request(requests.explain, progressOf.explain, params, options);
  }

  score(params: ScoreParams, options: RequestOptions = {}): Promise<Scores> {
    return this.#request(requests.score, progressOf.score, params, options);
  }

  generate(params: GenerateParams, options: RequestOptions<GeneratedPiece> = {}): Promise<Generation> {
    return this.#request(requests.generate, progressOf.generate, params, options);
  }

  attention(params: AttentionParams, options: RequestOptions = {}): Promise<AttentionMaps> {
    return this.#request(requests.attention, progressOf.attention, params, options);
  }

  dispose(): void {
    this.#supervisor.dispose();
  }

  async #request<P, R, Q extends Progress<unknown>>(
    type: RequestType<WithProgress<P>, R, EngineErrorData>,
    progressType: ProgressType<Q>,
    params: P,
    options: CallOptions<Q>,
  ): Promise<R> {
    const engine = await untilCancelled(this.#supervisor.connect(), options.cancellation);
    return engine.request(type, progressType, params, options);
  }
}

/** @throws EngineError `cancelled` as soon as the token says so, whatever becomes of the promise */
async function untilCancelled<T>(promise: Promise<T>, token: CancellationToken | undefined): Promise<T> {
  if (!token) return promise;
  return new Promise((resolve, reject) => {
    const subscription = token.onCancellationRequested(() => reject(new EngineError('cancelled')));
    promise.then(resolve, reject).finally(() => subscription.dispose());
  });
}
