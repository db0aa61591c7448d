/** The engine as a forked process that is started when it is needed. */
import type { ProgressType, RequestType } from 'vscode-jsonrpc';
import {
  type AttendParams,
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
import type { EngineErrorData } from '../../protocol/errors.ts';
import type {
  AttentionMaps,
  AttentionRows,
  Explanation,
  Generation,
  Scores,
  TokenScore,
} from '../../protocol/results.ts';
import type { EngineClient, EngineState, RequestOptions } from './client.ts';
import type { LogSink } from './log.ts';
import { RightOfWay } from './rightOfWay.ts';
import type { EngineProgram } from './spawner.ts';
import { Supervisor } from './supervisor.ts';
import { defaultTiming, type Timing } from './timing.ts';
import { untilCancelled } from './untilCancelled.ts';

export class ForkedEngine implements EngineClient {
  readonly #supervisor: Supervisor;
  /** By the method's name. */
  readonly #rightsOfWay = new Map<string, RightOfWay>();

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

  score(params: ScoreParams, options: RequestOptions<TokenScore[]> = {}): Promise<Scores> {
    return this.#request(requests.score, progressOf.score, params, options);
  }

  generate(params: GenerateParams, options: RequestOptions<GeneratedPiece> = {}): Promise<Generation> {
    return this.#request(requests.generate, progressOf.generate, params, options);
  }

  attention(params: AttentionParams, options: RequestOptions = {}): Promise<AttentionMaps> {
    return this.#request(requests.attention, progressOf.attention, params, options);
  }

  attend(params: AttendParams, options: RequestOptions = {}): Promise<AttentionRows> {
    return this.#request(requests.attend, progressOf.attend, params, options);
  }

  dispose(): void {
    this.#supervisor.dispose();
  }

  #request<P, R, Q>(
    type: RequestType<WithProgress<P>, R, EngineErrorData>,
    progressType: ProgressType<Progress<Q>>,
    params: P,
    options: RequestOptions<Q>,
  ): Promise<R> {
    const send = async () => {
      const engine = await untilCancelled(this.#supervisor.connect(), options.cancellation);
      return engine.request(type, progressType, params, options);
    };
    const rightOfWay = this.#rightOfWay(type.method);
    return options.givesWay ? rightOfWay.giveWay(send, options.cancellation) : rightOfWay.goFirst(send);
  }

  #rightOfWay(method: string): RightOfWay {
    const known = this.#rightsOfWay.get(method) ?? new RightOfWay();
    this.#rightsOfWay.set(method, known);
    return known;
  }
}
