/** The engine as a forked process that is started when it is needed. */
import {
  type ParamsOf,
  type PartialOf,
  type ResultOf,
  type VerbName,
  verbNames,
} from '../../protocol/verbs.ts';
import type { EngineClient, EngineVerbs, RequestOptions } from './client.ts';
import { Supervisor, type SupervisorOptions } from './supervisor.ts';
import { untilCancelled } from './untilCancelled.ts';

export function forkEngine(options: SupervisorOptions): EngineClient {
  return engineOn(new Supervisor(options));
}

/** Whoever has the supervisor can start the process without a request. */
export function engineOn(supervisor: Supervisor): EngineClient {
  const ask =
    <V extends VerbName>(verb: V) =>
    async (params: ParamsOf<V>, options: RequestOptions<PartialOf<V>>): Promise<ResultOf<V>> => {
      const engine = await untilCancelled(supervisor.connect(), options.cancellation);
      return engine.request(verb, params, options);
    };
  const methods: unknown = Object.fromEntries(verbNames.map((verb) => [verb, ask(verb)]));
  return {
    ...(methods as EngineVerbs),
    restart: () => supervisor.restart(),
    dispose: () => supervisor.dispose(),
  };
}
