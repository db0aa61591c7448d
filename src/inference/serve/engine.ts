/** The engine: the open models, and every verb on them. */
import {
  type ParamsOf,
  type ProgressOf,
  type ResultOf,
  type VerbName,
  verbNames,
} from '../../protocol/verbs.ts';
import { ModelStore } from '../gpt2/modelStore.ts';
import type { SliceLength } from '../gpt2/pace.ts';
import type { Run } from '../run.ts';
import { runs } from '../verbs/runs.ts';
import type { EngineApi } from './server.ts';

export interface Engine extends EngineApi {
  dispose(): Promise<void>;
}

export function openEngine(slices: SliceLength = 'interactive'): Engine {
  const models = new ModelStore(slices);
  const on =
    <V extends VerbName>(verb: V) =>
    (params: ParamsOf<V>, run: Run<ProgressOf<V>>): Promise<ResultOf<V>> =>
      models.use(params.modelDir, run, (model) => runs[verb](model, params, run));
  const methods: unknown = Object.fromEntries(verbNames.map((verb) => [verb, on(verb)]));
  return { ...(methods as EngineApi), dispose: () => models.dispose() };
}
