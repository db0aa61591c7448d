/** The engine as the editor's code sees it: typed requests that end in a result, an EngineError or a cancellation. */
import type { CancellationToken, Disposable, Event } from 'vscode';
import type { ParamsOf, Progress, ResultOf, VerbName, Verbs } from '../../protocol/engine.ts';

export interface RequestOptions<P = never> {
  cancellation?: CancellationToken;
  onProgress?: (progress: Progress<P>) => void;
  /**
   * For what no person asked for just now: it waits until no other request of its kind is under way, and when one takes
   * its place it is sent again, a few times; then its progress begins anew.
   */
  givesWay?: boolean;
}

export type EngineState = 'stopped' | 'starting' | 'ready' | 'restarting' | 'gave-up';

export type EngineVerb<V extends VerbName> = (
  params: ParamsOf<V>,
  options?: RequestOptions<Verbs[V]['partial']>,
) => Promise<ResultOf<V>>;

/** One method per verb. */
export type EngineVerbs = { readonly [V in VerbName]: EngineVerb<V> };

export interface EngineClient extends EngineVerbs, Disposable {
  readonly state: EngineState;
  readonly onDidChangeState: Event<EngineState>;
  /** Starts the process if it does not run. All requests do so by themselves. */
  start(): Promise<void>;
}
