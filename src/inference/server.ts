/** Answers the requests of src/protocol/engine.ts on a connection with the methods of an engine. */
import {
  type Disposable,
  type MessageConnection,
  type ProgressType,
  type RequestParam,
  type RequestType,
  ResponseError,
} from 'vscode-jsonrpc';
import type { Progress, WithProgress } from '../protocol/engine.ts';
import { logNotification, progressOf, protocolVersion, requests } from '../protocol/engine.ts';
import { EngineError, type EngineErrorData } from '../protocol/errors.ts';
import type { EngineApi } from './engineApi.ts';
import { asEngineError } from './failure.ts';
import { Lane } from './jobs.ts';
import { type Place, Precedence, type Rank, ranks } from './precedence.ts';
import { Run } from './run.ts';
import { validate } from './validate.ts';
import { onnxruntimeVersion, whytokenVersion } from './versions.ts';

/** The code of every EngineError in JSON-RPC, outside of the range that the specification reserves; see `data`. */
const engineErrorCode = 1;

/**
 * @param createEngine called for the first request that needs the engine, so that a process without a native runtime
 *   still shakes hands; called again for the next one when it failed
 */
export function serve(connection: MessageConnection, createEngine: () => Promise<EngineApi>): void {
  const precedence = new Precedence();
  let created: Promise<EngineApi> | undefined;
  const engine = () => {
    created ??= createEngine().catch((error) => {
      created = undefined;
      throw error;
    });
    return created;
  };

  function handle<P, R, Q>(
    type: RequestType<WithProgress<P>, R, EngineErrorData>,
    progressType: ProgressType<Progress<Q>>,
    rank: Rank,
    check: (params: unknown) => P,
    work: (engine: EngineApi, params: P, run: Run<Progress<Q>>) => Promise<R>,
  ): void {
    const lane = new Lane();
    connection.onRequest<unknown, EngineErrorData>(type.method, async (raw, token) => {
      const controller = new AbortController();
      const cancel = () => controller.abort(new EngineError('cancelled'));
      let subscription: Disposable | undefined;
      try {
        const params = check(raw);
        // A request that was cancelled while it was queued comes with a token that never fires.
        if (token.isCancellationRequested) cancel();
        subscription = token.onCancellationRequested(cancel);
        const show = (progress: Progress<Q>) => {
          if (raw.progressToken === undefined) return;
          connection
            .sendProgress(progressType, raw.progressToken, progress as RequestParam<Progress<Q>>)
            .catch(logFailure);
        };
        const answer = async (place: Place) => {
          const report = (progress: Progress<Q>) => {
            show(progress);
            if (progress.partial !== undefined) place.fallBack();
          };
          return work(await engine(), params, new Run(controller.signal, report, place));
        };
        return await lane.run(controller, () => precedence.hold(rank, answer));
      } catch (error) {
        return asResponse(error);
      } finally {
        subscription?.dispose();
      }
    });
  }

  function asResponse(thrown: unknown): ResponseError<EngineErrorData> {
    const error = asEngineError(thrown);
    if (error.cause !== undefined) logFailure(error.cause);
    return new ResponseError(engineErrorCode, error.message, { code: error.code, facts: error.facts });
  }

  function logFailure(error: unknown): void {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.sendNotification(logNotification, { level: 'error', message }).catch(() => {});
  }

  connection.onRequest(requests.handshake, (raw) => {
    try {
      const host = validate.handshake(raw).protocolVersion;
      if (host !== protocolVersion)
        throw new EngineError('version-mismatch', { host, engine: protocolVersion });
      return { protocolVersion, engineVersion: whytokenVersion, onnxruntimeVersion, pid: process.pid };
    } catch (error) {
      return asResponse(error);
    }
  });
  connection.onRequest(requests.ping, () => Date.now());
  const { waiting, reading, fillingIn } = ranks;
  handle(requests.load, progressOf.load, fillingIn, validate.load, (e, params, run) => e.load(params, run));
  handle(requests.explain, progressOf.explain, waiting, validate.explain, (e, params, run) =>
    e.explain(params, run),
  );
  handle(requests.score, progressOf.score, reading, validate.score, (e, params, run) => e.score(params, run));
  handle(requests.generate, progressOf.generate, waiting, validate.generate, (e, params, run) =>
    e.generate(params, run),
  );
  handle(requests.attention, progressOf.attention, waiting, validate.attention, (e, params, run) =>
    e.attention(params, run),
  );
  handle(requests.attend, progressOf.attend, waiting, validate.attend, (e, params, run) =>
    e.attend(params, run),
  );
}
