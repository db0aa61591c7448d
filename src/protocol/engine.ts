/**
 * What the extension host (or the command line) and the inference process say to each other.
 *
 * Every request ends in its result, an {@link EngineError} (see errors.ts) or a cancellation. A request names its
 * checkpoint folder, so there is no "current model" on which the two could disagree.
 */
import * as v from 'valibot';
import { NotificationType, ProgressType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { EngineErrorData } from './errors.ts';
import { limits } from './limits.ts';
import { type ParamsOf, type Progress, type ResultOf, ranks, type VerbName } from './verbs.ts';

export type * from './params.ts';
export type * from './verbs.ts';

/** Raised by one whenever a message changes its shape; both sides compare it in the handshake. */
export const protocolVersion = 10;

export interface Handshake {
  protocolVersion: number;
  engineVersion: string;
  onnxruntimeVersion: string;
  pid: number;
}

/** A request of a verb as it is sent. Its parameters have a schema of their own. */
export const envelope = v.object(
  {
    /** Who asks. A newer request supersedes the older ones of its own lane only. */
    lane: v.custom<string>(
      (x) => typeof x === 'string' && x.length >= 1 && x.length <= limits.lane,
      `a text, 1 … ${limits.lane}`,
    ),
    rank: v.picklist(ranks, ranks.join(' | ')),
    params: v.unknown(),
    /** Where progress is to be reported. */
    progressToken: v.optional(v.pipe(v.number('a number'), v.safeInteger('a number'))),
  },
  'an object',
);

export interface Envelope<Params> extends v.InferOutput<typeof envelope> {
  params: Params;
}

export function requestOf<V extends VerbName>(
  verb: V,
): RequestType<Envelope<ParamsOf<V>>, ResultOf<V>, EngineErrorData> {
  return new RequestType(verb);
}

/** Progress of every verb; the token says to which request it belongs. */
export const progressType = new ProgressType<Progress<unknown>>();

/** The requests between the two processes besides the verbs. */
export const requests = {
  handshake: new RequestType<{ protocolVersion: number }, Handshake, EngineErrorData>('handshake'),
  /** Asks whether the process is alive; answered between two slices of work. */
  ping: new RequestType0<number, never>('ping'),
} as const;

/** A line for the log channel; never the text being explained. */
export const logNotification = new NotificationType<{
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  message: string;
}>('log');
