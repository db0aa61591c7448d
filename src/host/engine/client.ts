/** The engine as the editor's code sees it: typed requests that end in a result, an EngineError or a cancellation. */
import type { CancellationToken, Disposable } from 'vscode';
import type { ParamsOf, PartialOf, Progress, Rank, ResultOf, VerbName } from '../../protocol/verbs.ts';

export interface RequestOptions<P = never> {
  /**
   * Who asks, at most 200 UTF-16 units: a newer request takes the place of an older one of its lane, which ends with
   * `superseded`, and of no other.
   */
  lane: string;
  /** Which work goes first; by default the verb's rank in `verbs`. */
  rank?: Rank;
  cancellation?: CancellationToken;
  onProgress?: (progress: Progress<P>) => void;
}

export type EngineVerb<V extends VerbName> = (
  params: ParamsOf<V>,
  options: RequestOptions<PartialOf<V>>,
) => Promise<ResultOf<V>>;

/** One method per verb. */
export type EngineVerbs = { readonly [V in VerbName]: EngineVerb<V> };

export interface EngineClient extends EngineVerbs, Disposable {
  /**
   * Ends the process, if there is one, and starts another, also after it was given up. Requests start it by themselves
   * otherwise. What is under way ends with `cancelled`.
   * @throws EngineError `process-gave-up`, `version-mismatch`, `cancelled` once disposed
   */
  restart(): Promise<void>;
}
