/** Answers the requests of src/protocol/engine.ts on a connection with the methods of an engine. */
import * as v from 'valibot';
import {
  type CancellationToken,
  type MessageConnection,
  type RequestParam,
  ResponseError,
} from 'vscode-jsonrpc';
import { envelope, logNotification, progressType, protocolVersion, requests } from '../../protocol/engine.ts';
import { EngineError, type EngineErrorData } from '../../protocol/errors.ts';
import {
  type ParamsOf,
  type Progress,
  type ProgressOf,
  type ResultOf,
  type VerbName,
  verbNames,
} from '../../protocol/verbs.ts';
import { asEngineError } from '../failure.ts';
import { Run } from '../run.ts';
import { onnxruntimeVersion, whytokenVersion } from '../versions.ts';
import { Lanes } from './lanes.ts';
import { type Held, Precedence } from './precedence.ts';
import { parse, validate } from './validate.ts';

/**
 * What the inference process serves. Every method works in short slices, with `run.breathe()` between them, and rejects
 * with an EngineError. Slices of several calls interleave, also of calls of one method.
 */
export type EngineApi = {
  readonly [V in VerbName]: (params: ParamsOf<V>, run: Run<ProgressOf<V>>) => Promise<ResultOf<V>>;
};

/** The JSON-RPC code of every EngineError, outside of the range that the specification reserves; see `data`. */
const engineErrorCode = 1;

const handshake = v.object({ protocolVersion: v.number('a number') }, 'an object');

/**
 * @param createEngine called for the first request that needs the engine, so that the handshake works even without a
 * native runtime; called again for the next request if it failed
 */
export function serve(connection: MessageConnection, createEngine: () => Promise<EngineApi>): void {
  const lanes = new Lanes();
  const precedence = new Precedence();
  let created: Promise<EngineApi> | undefined;
  const engine = () => {
    created ??= createEngine().catch((error) => {
      created = undefined;
      throw error;
    });
    return created;
  };

  async function answer<V extends VerbName>(
    verb: V,
    raw: unknown,
    token: CancellationToken,
  ): Promise<ResultOf<V>> {
    const { lane, rank, params: rawParams, progressToken } = parse(envelope, raw);
    const params = validate(verb, rawParams);
    const controller = new AbortController();
    const cancel = () => controller.abort(new EngineError('cancelled'));
    // If a request was cancelled while it was queued, its token never fires.
    if (token.isCancellationRequested) cancel();
    const subscription = token.onCancellationRequested(cancel);
    const show = (news: Progress<unknown>) => {
      if (progressToken === undefined) return;
      connection
        .sendProgress(progressType, progressToken, news as RequestParam<Progress<unknown>>)
        .catch(logFailure);
    };
    const work = async (place: Held) => {
      const report = (news: ProgressOf<V>) => {
        show(news);
        if (news.partial !== undefined) place.fallBack();
      };
      return (await engine())[verb](params, new Run(controller.signal, report, place));
    };
    try {
      return await lanes.run(lane, controller, () => precedence.hold(rank, work));
    } finally {
      subscription.dispose();
    }
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
      const host = parse(handshake, raw).protocolVersion;
      if (host !== protocolVersion)
        throw new EngineError('version-mismatch', { host, engine: protocolVersion });
      return { protocolVersion, engineVersion: whytokenVersion, onnxruntimeVersion, pid: process.pid };
    } catch (error) {
      return asResponse(error);
    }
  });
  connection.onRequest(requests.ping, () => Date.now());
  for (const verb of verbNames) {
    connection.onRequest<unknown, EngineErrorData>(verb, (raw: unknown, token: CancellationToken) =>
      answer(verb, raw, token).catch(asResponse),
    );
  }
}
