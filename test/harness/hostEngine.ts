/** An engine in this process whose verbs are called as the extension host calls them, so that its code can be tried. */
import type { CancellationToken } from 'vscode';
import type { EngineVerb, EngineVerbs } from '../../src/host/engine/client.ts';
import { Run } from '../../src/inference/run.ts';
import type { Engine } from '../../src/inference/serve/engine.ts';
import type { EngineApi } from '../../src/inference/serve/server.ts';
import { type ProgressOf, type VerbName, verbNames } from '../../src/protocol/verbs.ts';

export function hostEngine(engine: Engine): EngineVerbs {
  const api: EngineApi = engine;
  const verb =
    <V extends VerbName>(name: V): EngineVerb<V> =>
    (params, { cancellation, onProgress = () => {} }) =>
      api[name](params, new Run<ProgressOf<V>>(signalOf(cancellation), onProgress));
  const verbs: unknown = Object.fromEntries(verbNames.map((name) => [name, verb(name)]));
  return verbs as EngineVerbs;
}

function signalOf(cancellation: CancellationToken | undefined): AbortSignal {
  const controller = new AbortController();
  if (cancellation?.isCancellationRequested) controller.abort();
  cancellation?.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
