/** The engine as the editor's code sees it: typed requests that end in a result, an EngineError or a cancellation. */
import type { CancellationToken, Disposable, Event } from 'vscode';
import type {
  AttendParams,
  AttentionParams,
  ExplainParams,
  GeneratedPiece,
  GenerateParams,
  ModelInfo,
  Progress,
  ScoreParams,
} from '../../protocol/engine.ts';
import type {
  AttentionMaps,
  AttentionRows,
  Explanation,
  Generation,
  Scores,
  TokenScore,
} from '../../protocol/results.ts';

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

export interface EngineClient extends Disposable {
  readonly state: EngineState;
  readonly onDidChangeState: Event<EngineState>;
  /** Starts the process if it does not run. All requests do so by themselves. */
  start(): Promise<void>;
  load(modelDir: string, options?: RequestOptions): Promise<ModelInfo>;
  explain(params: ExplainParams, options?: RequestOptions<Explanation>): Promise<Explanation>;
  score(params: ScoreParams, options?: RequestOptions<TokenScore[]>): Promise<Scores>;
  generate(params: GenerateParams, options?: RequestOptions<GeneratedPiece>): Promise<Generation>;
  attention(params: AttentionParams, options?: RequestOptions): Promise<AttentionMaps>;
  attend(params: AttendParams, options?: RequestOptions): Promise<AttentionRows>;
}
