/** The engine: one checkpoint at a time, kept until another is asked for, and the verbs on it. */
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
import type { EngineApi } from './engineApi.ts';
import type { Gpt2, SliceLength } from './gpt2/model.ts';
import { ModelStore } from './gpt2/modelStore.ts';
import type { Run } from './run.ts';
import { attend } from './verbs/attend.ts';
import { attention } from './verbs/attention.ts';
import { explain } from './verbs/explain.ts';
import { generate } from './verbs/generate.ts';
import { score } from './verbs/score.ts';

export class Engine implements EngineApi {
  readonly #models: ModelStore;

  constructor(slices: SliceLength = 'interactive') {
    this.#models = new ModelStore(slices);
  }

  load({ modelDir }: { modelDir: string }, run: Run<Progress>): Promise<ModelInfo> {
    return this.#models.use(modelDir, run, async (model) => {
      await model.warmUp(run);
      return model.info();
    });
  }

  explain(params: ExplainParams, run: Run<Progress<Explanation>>): Promise<Explanation> {
    return this.#with(params, run, (model) => explain(model, params, run));
  }

  score(params: ScoreParams, run: Run<Progress<TokenScore[]>>): Promise<Scores> {
    return this.#with(params, run, (model) => score(model, params, run));
  }

  generate(params: GenerateParams, run: Run<Progress<GeneratedPiece>>): Promise<Generation> {
    return this.#with(params, run, (model) => generate(model, params, run));
  }

  attention(params: AttentionParams, run: Run<Progress>): Promise<AttentionMaps> {
    return this.#with(params, run, (model) => attention(model, params, run));
  }

  attend(params: AttendParams, run: Run<Progress>): Promise<AttentionRows> {
    return this.#with(params, run, (model) => attend(model, params, run));
  }

  dispose(): Promise<void> {
    return this.#models.dispose();
  }

  #with<R>(
    { modelDir }: { modelDir: string },
    run: Run<Progress>,
    work: (model: Gpt2) => Promise<R>,
  ): Promise<R> {
    return this.#models.use(modelDir, run, work);
  }
}
