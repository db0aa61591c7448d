/** Answers the requests of src/protocol/engine.ts on a connection with the methods of an engine. */
import { type Disposable, type MessageConnection, type RequestParam, ResponseError } from 'vscode-jsonrpc';
import {
  logNotification,
  type ProgressOf,
  protocolVersion,
  requests,
  type VerbName,
  verbs,
} from '../protocol/engine.ts';
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

const { waiting, reading, fillingIn } = ranks;
const rankOf: { readonly [V in VerbName]: Rank } = {
  load: fillingIn,
  explain: waiting,
  score: reading,
  generate: waiting,
  attention: waiting,
  attend: waiting,
  distribution: waiting,
  lens: reading,
  attentionMap: waiting,
  thumbnails: reading,
  headPatterns: fillingIn,
  importance: fillingIn,
  structure: fillingIn,
};

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

  function handle<V extends VerbName>(verb: V): void {
    const { request, progress } = verbs[verb];
    const lane = new Lane();
    connection.onRequest<unknown, EngineErrorData>(request.method, async (raw, token) => {
      const controller = new AbortController();
      const cancel = () => controller.abort(new EngineError('cancelled'));
      let subscription: Disposable | undefined;
      try {
        const params = validate[verb](raw);
        // A request that was cancelled while it was queued comes with a token that never fires.
        if (token.isCancellationRequested) cancel();
        subscription = token.onCancellationRequested(cancel);
        const show = (news: ProgressOf<V>) => {
          if (raw.progressToken === undefined) return;
          connection
            .sendProgress(progress, raw.progressToken, news as RequestParam<ProgressOf<V>>)
            .catch(logFailure);
        };
        const answer = async (place: Place) => {
          const report = (news: ProgressOf<V>) => {
            show(news);
            if (news.partial !== undefined) place.fallBack();
          };
          return (await engine())[verb](params, new Run(controller.signal, report, place));
        };
        return await lane.run(controller, () => precedence.hold(rankOf[verb], answer));
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
  for (const verb of Object.keys(verbs) as VerbName[]) handle(verb);
}
