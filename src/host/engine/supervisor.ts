/** Keeps one inference process alive. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Emitter, type Event } from 'vscode-jsonrpc';
import { EngineError } from '../../protocol/errors.ts';
import type { EngineState } from './client.ts';
import { EngineProcess } from './engineProcess.ts';
import type { LogSink } from './log.ts';
import { RestartPolicy } from './restartPolicy.ts';
import type { EngineProgram } from './spawner.ts';
import type { Timing } from './timing.ts';

export interface SupervisorOptions {
  program: EngineProgram;
  /** The extension's version; the process must have the same. */
  version: string;
  log: LogSink;
  timing: Timing;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #onDidChangeState = new Emitter<EngineState>();
  readonly #disposed = new AbortController();
  #state: EngineState = 'stopped';
  #gaveUp: EngineError | undefined;
  #process: EngineProcess | undefined;
  /** Settles when the process is ready or will not be; a new one as soon as a process that was ready has ended. */
  #ready = deferred<EngineProcess>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  get onDidChangeState(): Event<EngineState> {
    return this.#onDidChangeState.event;
  }

  /**
   * The process that is ready, after starting it or waiting for its restart where need be.
   * @throws EngineError `process-gave-up` (at once, until {@link forgive}), `version-mismatch`, `cancelled` once disposed
   */
  async connect(): Promise<EngineProcess> {
    if (this.#disposed.signal.aborted) throw new EngineError('cancelled');
    if (this.#gaveUp) throw this.#gaveUp;
    if (this.#state === 'stopped') void this.#keepAlive();
    return this.#ready.promise;
  }

  /** Lets the next {@link connect} start a process that crashed too often. */
  forgive(): void {
    if (!this.#gaveUp) return;
    this.#gaveUp = undefined;
    this.#setState('stopped');
  }

  dispose(): void {
    if (this.#disposed.signal.aborted) return;
    this.#disposed.abort();
    const reason = new EngineError('cancelled');
    this.#process?.kill(reason);
    this.#ready.reject(reason);
    this.#setState('stopped');
    this.#onDidChangeState.dispose();
  }

  /** One round per life of the process, until it crashed too often or is not to run. Never rejects. */
  async #keepAlive(): Promise<void> {
    const { program, version, log, timing } = this.#options;
    const { signal } = this.#disposed;
    const policy = new RestartPolicy(timing);
    this.#ready = deferred();
    while (!signal.aborted) {
      this.#setState('starting');
      const engine = new EngineProcess(program, timing, log);
      this.#process = engine;
      try {
        const { engineVersion, onnxruntimeVersion, pid } = await engine.handshake(version);
        log.info(`Inference process ${pid}: whytoken ${engineVersion}, onnxruntime ${onnxruntimeVersion}.`);
        this.#ready.resolve(engine);
        this.#setState('ready');
      } catch (error) {
        engine.kill(error as EngineError);
        if ((error as EngineError).code === 'version-mismatch')
          return this.#stop('stopped', error as EngineError);
      }
      const { message } = await engine.ended;
      if (signal.aborted) return;
      const pause = policy.pauseAfterCrash(performance.now());
      if (pause instanceof EngineError) return this.#stop('gave-up', pause);
      log.error(`${message} (restart in ${pause / 1000} s)`);
      if (this.#state === 'ready') this.#ready = deferred();
      this.#setState('restarting');
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }

  #stop(state: 'stopped' | 'gave-up', reason: EngineError): void {
    this.#options.log.error(reason.message);
    if (state === 'gave-up') this.#gaveUp = reason;
    this.#ready.reject(reason);
    this.#setState(state);
  }

  #setState(state: EngineState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onDidChangeState.fire(state);
  }
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** A promise to be settled later, of which nobody need be waiting. */
function deferred<T>(): Deferred<T> {
  let settle!: Pick<Deferred<T>, 'resolve' | 'reject'>;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...settle };
}
