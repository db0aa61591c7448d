/** The engine: the models that are open, and the verbs on them. */
import type { ModelInfo, Progress } from '../protocol/engine.ts';
import { infoOf } from './checkpoint/info.ts';
import type { EngineApi } from './engineApi.ts';
import type { Gpt2 } from './gpt2/model.ts';
import { ModelStore } from './gpt2/modelStore.ts';
import type { SliceLength } from './gpt2/pace.ts';
import type { Run } from './run.ts';
import { attend } from './verbs/attend.ts';
import { attention } from './verbs/attention.ts';
import { attentionMap } from './verbs/attentionMap.ts';
import { distribution } from './verbs/distribution.ts';
import { explain } from './verbs/explain.ts';
import { generate } from './verbs/generate.ts';
import { headPatterns } from './verbs/headPatterns.ts';
import { importance } from './verbs/importance.ts';
import { lens } from './verbs/lens.ts';
import { score } from './verbs/score.ts';
import { structure } from './verbs/structure.ts';
import { thumbnails } from './verbs/thumbnails.ts';

export class Engine implements EngineApi {
  readonly #models: ModelStore;

  readonly load = this.#on(load);
  readonly explain = this.#on(explain);
  readonly score = this.#on(score);
  readonly generate = this.#on(generate);
  readonly attention = this.#on(attention);
  readonly attend = this.#on(attend);
  readonly distribution = this.#on(distribution);
  readonly lens = this.#on(lens);
  readonly attentionMap = this.#on(attentionMap);
  readonly thumbnails = this.#on(thumbnails);
  readonly headPatterns = this.#on(headPatterns);
  readonly importance = this.#on(importance);
  readonly structure = this.#on(structure);

  constructor(slices: SliceLength = 'interactive') {
    this.#models = new ModelStore(slices);
  }

  dispose(): Promise<void> {
    return this.#models.dispose();
  }

  #on<P extends { modelDir: string }, Q, R>(
    verb: (model: Gpt2, params: P, run: Run<Progress<Q>>) => Promise<R>,
  ): (params: P, run: Run<Progress<Q>>) => Promise<R> {
    return (params, run) => this.#models.use(params.modelDir, run, (model) => verb(model, params, run));
  }
}

async function load(model: Gpt2, _params: { modelDir: string }, run: Run<Progress>): Promise<ModelInfo> {
  await model.programs.warmUp(run);
  return infoOf(model.checkpoint);
}
