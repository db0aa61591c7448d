/** Keeps one inference process alive. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EngineError } from '../../protocol/errors.ts';
import { EngineProcess } from './engineProcess.ts';
import type { LogSink } from './log.ts';
import { RestartPolicy } from './restartPolicy.ts';
import type { EngineProgram } from './spawner.ts';
import { defaultTiming, type Timing } from './timing.ts';

export interface SupervisorOptions {
  program: EngineProgram;
  /** The extension's version; the process must have the same. */
  version: string;
  log: LogSink;
  timing?: Timing;
}

type State = 'stopped' | 'starting' | 'ready' | 'restarting' | 'gave-up';

export class Supervisor {
  readonly #options: Required<SupervisorOptions>;
  #isDisposed = false;
  /** Aborted when the process is to be kept alive no longer. */
  #keeping = new AbortController();
  #state: State = 'stopped';
  #gaveUp: EngineError | undefined;
  #process: EngineProcess | undefined;
  /** Settles when the process is ready or will not be; a new one as soon as a process that was ready has ended. */
  #ready = deferred<EngineProcess>();

  constructor(options: SupervisorOptions) {
    this.#options = { timing: defaultTiming, ...options };
  }

  /**
   * The process that is ready, after starting it or waiting for its restart where need be.
   * @throws EngineError `process-gave-up` (at once, until {@link restart}), `version-mismatch`, `cancelled` once disposed
   */
  async connect(): Promise<EngineProcess> {
    if (this.#isDisposed) throw new EngineError('cancelled');
    if (this.#gaveUp) throw this.#gaveUp;
    if (this.#state === 'stopped') void this.#keepAlive(this.#keeping.signal);
    return this.#ready.promise;
  }

  /** Ends the process and starts another; crashes of the one before do not count. @throws as {@link connect} */
  async restart(): Promise<void> {
    if (!this.#isDisposed) this.#end();
    await this.connect();
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#end();
  }

  #end(): void {
    this.#keeping.abort();
    this.#keeping = new AbortController();
    const reason = new EngineError('cancelled');
    this.#process?.kill(reason);
    this.#ready.reject(reason);
    this.#gaveUp = undefined;
    this.#setState('stopped');
  }

  /** One round per life of the process, until it crashed too often or is not to run. Never rejects. */
  async #keepAlive(signal: AbortSignal): Promise<void> {
    const { program, version, log, timing } = this.#options;
    const policy = new RestartPolicy(timing);
    this.#ready = deferred();
    while (!signal.aborted) {
      this.#setState('starting');
      const engine = new EngineProcess(program, timing, log);
      this.#process = engine;
      try {
        const { engineVersion, onnxruntimeVersion, pid } = await engine.handshake(version);
        if (signal.aborted) return;
        log.info(`Inference process ${pid}: whytoken ${engineVersion}, onnxruntime ${onnxruntimeVersion}.`);
        this.#ready.resolve(engine);
        this.#setState('ready');
      } catch (error) {
        engine.kill(error as EngineError);
        if (signal.aborted) return;
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

  #setState(state: State): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.log.debug(`The inference process: ${state}.`);
  }
}

interface Deferred<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

/** A promise that is settled later; nobody need be waiting for it. */
function deferred<T>(): Deferred<T> {
  let settle!: Pick<Deferred<T>, 'resolve' | 'reject'>;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...settle };
}
