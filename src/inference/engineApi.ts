/** What the inference process serves; the class Engine is the real one. */
import type {
  AttendParams,
  AttentionParams,
  ExplainParams,
  GeneratedPiece,
  GenerateParams,
  ModelInfo,
  Progress,
  ScoreParams,
} from '../protocol/engine.ts';
import type {
  AttentionMaps,
  AttentionRows,
  Explanation,
  Generation,
  Scores,
  TokenScore,
} from '../protocol/results.ts';
import type { Run } from './run.ts';

/**
 * Every method works in slices of at most 100 ms with `run.breathe()` between them, and rejects with an EngineError.
 * Calls of different methods may interleave at the slices; the process never has two calls of one method at work.
 */
export interface EngineApi {
  load(params: { modelDir: string }, run: Run<Progress>): Promise<ModelInfo>;
  explain(params: ExplainParams, run: Run<Progress<Explanation>>): Promise<Explanation>;
  score(params: ScoreParams, run: Run<Progress<TokenScore[]>>): Promise<Scores>;
  generate(params: GenerateParams, run: Run<Progress<GeneratedPiece>>): Promise<Generation>;
  attention(params: AttentionParams, run: Run<Progress>): Promise<AttentionMaps>;
  attend(params: AttendParams, run: Run<Progress>): Promise<AttentionRows>;
}
