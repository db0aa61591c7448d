/** What the inference process serves; the class Engine is the real one. */
import type { ParamsOf, ProgressOf, ResultOf, VerbName } from '../protocol/engine.ts';
import type { Run } from './run.ts';

/**
 * Every method works in short slices (`sliceLengths`), with `run.breathe()` between them, and rejects with an
 * EngineError. Calls of different methods may interleave at the slices; the process never has two calls of one method
 * at work.
 */
export type EngineApi = {
  readonly [V in VerbName]: (params: ParamsOf<V>, run: Run<ProgressOf<V>>) => Promise<ResultOf<V>>;
};
