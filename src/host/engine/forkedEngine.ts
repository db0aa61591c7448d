/** The engine as a forked process that is started when it is needed. */
import {
  type ParamsOf,
  type PartialOf,
  type ResultOf,
  type VerbName,
  verbNames,
} from '../../protocol/verbs.ts';
import type { EngineClient, EngineVerbs, RequestOptions } from './client.ts';
import type { LogSink } from './log.ts';
import type { EngineProgram } from './spawner.ts';
import { Supervisor } from './supervisor.ts';
import { defaultTiming, type Timing } from './timing.ts';
import { untilCancelled } from './untilCancelled.ts';

/** @param version the extension's own, which the process must share */
export function forkEngine(
  program: EngineProgram,
  version: string,
  log: LogSink,
  timing: Timing = defaultTiming,
): EngineClient {
  const supervisor = new Supervisor({ program, version, log, timing });
  const ask =
    <V extends VerbName>(verb: V) =>
    async (params: ParamsOf<V>, options: RequestOptions<PartialOf<V>>): Promise<ResultOf<V>> => {
      const engine = await untilCancelled(supervisor.connect(), options.cancellation);
      return engine.request(verb, params, options);
    };
  const methods: unknown = Object.fromEntries(verbNames.map((verb) => [verb, ask(verb)]));
  return {
    ...(methods as EngineVerbs),
    get state() {
      return supervisor.state;
    },
    onDidChangeState: supervisor.onDidChangeState,
    start: async () => {
      supervisor.forgive();
      await supervisor.connect();
    },
    dispose: () => supervisor.dispose(),
  };
}
