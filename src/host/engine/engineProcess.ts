/** One life of the inference process: from the fork to the exit. */
import type { ChildProcess } from 'node:child_process';
import {
  type CancellationToken,
  createMessageConnection,
  type Disposable,
  type MessageConnection,
  type RequestParam,
  type RequestType,
  ResponseError,
} from 'vscode-jsonrpc';
import { IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import {
  type Handshake,
  logNotification,
  progressType,
  protocolVersion,
  requestOf,
  requests,
} from '../../protocol/engine.ts';
import { EngineError, type EngineErrorData, isEngineErrorData } from '../../protocol/errors.ts';
import {
  type ParamsOf,
  type PartialOf,
  type Progress,
  type ResultOf,
  type VerbName,
  verbs,
} from '../../protocol/verbs.ts';
import type { RequestOptions } from './client.ts';
import { watchLiveness } from './liveness.ts';
import type { LogSink } from './log.ts';
import { type EngineProgram, spawnEngine } from './spawner.ts';
import { runningTimeout, type Timing } from './timing.ts';

/** A process whose channel is closed but which lives on is killed after this many milliseconds. */
const goodbye = 1_000;

export class EngineProcess {
  /** Resolves when the process has ended, to why every request since then fails. */
  readonly ended: Promise<EngineError>;
  readonly #child: ChildProcess;
  readonly #rpc: MessageConnection;
  readonly #timing: Timing;
  readonly #log: LogSink;
  /** Set by {@link kill}: a reason that says more than "SIGKILL". */
  #killedFor: EngineError | undefined;
  #ended: EngineError | undefined;
  #nextToken = 0;
  #atWork = 0;
  #watch: Disposable | undefined;

  constructor(program: EngineProgram, timing: Timing, log: LogSink) {
    this.#timing = timing;
    this.#log = log;
    const child = spawnEngine(program);
    this.#child = child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => log.debug(text.trimEnd()));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => log.warn(text.trimEnd()));
    child.once('disconnect', () => {
      const timer = setTimeout(() => child.kill('SIGKILL'), goodbye);
      child.once('exit', () => clearTimeout(timer));
    });
    this.#rpc = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child), {
      error: (message) => log.error(message),
      warn: (message) => log.warn(message),
      info: (message) => log.info(message),
      log: (message) => log.debug(message),
    });
    this.#rpc.onNotification(logNotification, ({ level, message }) => log[level](message));
    this.ended = new Promise((resolve) => {
      const end = (reason: string) => resolve(this.#end(reason));
      child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
      // The executable itself could not be started; there will be no `exit`.
      child.once('error', (error) => child.pid === undefined && end(error.message));
    });
    this.#rpc.listen();
  }

  /** @throws EngineError `version-mismatch`, or why the process ended before it answered */
  async handshake(hostVersion: string): Promise<Handshake> {
    const answer = await this.#call(requests.handshake, { protocolVersion });
    if (answer.protocolVersion !== protocolVersion || answer.engineVersion !== hostVersion) {
      throw new EngineError('version-mismatch', { host: hostVersion, engine: answer.engineVersion });
    }
    return answer;
  }

  /**
   * Ends in the result or an EngineError; `cancelled` once the process has stopped working on it. A process that
   * does not stop within `timing.stop` after a cancel, or answer a ping within `timing.stall`, is killed.
   */
  async request<V extends VerbName>(
    verb: V,
    params: ParamsOf<V>,
    { lane, rank = verbs[verb].rank, cancellation, onProgress }: RequestOptions<PartialOf<V>>,
  ): Promise<ResultOf<V>> {
    if (this.#ended) throw this.#ended;
    if (cancellation?.isCancellationRequested) throw new EngineError('cancelled');
    const progressToken = onProgress && this.#nextToken++;
    const owned: Disposable[] = [];
    if (onProgress && progressToken !== undefined) {
      const listener = (progress: Progress<unknown>) => {
        if (!cancellation?.isCancellationRequested) onProgress(progress as Progress<PartialOf<V>>);
      };
      owned.push(this.#rpc.onProgress(progressType, progressToken, listener));
    }
    const giveStopDeadline = () => {
      owned.push(runningTimeout(this.#timing.stop, () => this.#killUnresponsive(this.#timing.stop)));
    };
    if (cancellation) owned.push(cancellation.onCancellationRequested(giveStopDeadline));
    try {
      return await this.#call(requestOf(verb), { lane, rank, params, progressToken }, cancellation);
    } catch (error) {
      throw cancellation?.isCancellationRequested
        ? new EngineError('cancelled', {}, { cause: error })
        : error;
    } finally {
      for (const disposable of owned) disposable.dispose();
    }
  }

  /** Ends the process now; requests at work fail with `reason`. */
  kill(reason: EngineError): void {
    this.#killedFor ??= reason;
    this.#child.kill('SIGKILL');
  }

  /** The process is only watched while it has something to do: an idle one is not woken. */
  async #call<P, R>(
    type: RequestType<P, R, EngineErrorData>,
    params: P,
    cancellation?: CancellationToken,
  ): Promise<R> {
    this.#atWork++;
    this.#watch ??= watchLiveness(
      () => this.#rpc.sendRequest(requests.ping),
      this.#timing,
      () => this.#killUnresponsive(this.#timing.stall),
    );
    const start = performance.now();
    try {
      return await this.#rpc.sendRequest(type, params as RequestParam<P>, cancellation);
    } catch (error) {
      throw this.#asEngineError(error);
    } finally {
      this.#log.debug(`${type.method}: ${Math.round(performance.now() - start)} ms`);
      if (--this.#atWork === 0) {
        this.#watch?.dispose();
        this.#watch = undefined;
      }
    }
  }

  #asEngineError(error: unknown): EngineError {
    if (error instanceof ResponseError && isEngineErrorData(error.data)) {
      return new EngineError(error.data.code, error.data.facts);
    }
    if (this.#ended) return this.#ended;
    return new EngineError('internal', { reason: String(error) }, { cause: error });
  }

  #killUnresponsive(milliseconds: number): void {
    const seconds = Math.round(milliseconds / 1000);
    this.#log.error(`The inference process (pid ${this.#child.pid}) did not answer for ${seconds} s.`);
    this.kill(new EngineError('process-unresponsive', { seconds }));
  }

  #end(reason: string): EngineError {
    this.#ended = this.#killedFor ?? new EngineError('process-exited', { reason });
    // vscode-jsonrpc leaves requests pending for ever unless its connection is disposed.
    this.#rpc.dispose();
    return this.#ended;
  }
}
