/** f over GPT-2's token embeddings, evaluated through the gradient graph. */
import type { Objective } from '../../protocol/results.ts';
import type { Evaluation, ExplainedFunction, Point, Writes } from '../attribution/method.ts';
import { type Contrast, contrastFeeds } from '../gpt2/contrast.ts';
import { directWrites } from '../gpt2/directWrites.ts';
import type { ObjectiveForm } from '../gpt2/layers/objective.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { maskedPastFeeds } from '../gpt2/pastFeeds.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { StagedRun } from '../gpt2/stagedRun.ts';
import type { Run } from '../run.ts';
import type { Feeds } from '../runtime/backend.ts';
import { floats, range } from '../runtime/tensors.ts';

export interface Question {
  /** The read text; its keys and values stand for everything before the first row that a point changes. */
  sequence: Sequence;
  /** The explained tokens, as indices into the sequence. */
  first: number;
  count: number;
  /** Index of the token whose output predicts the target; nothing after it is computed. */
  predictsAt: number;
  target: number;
  foil: number | null;
  objective: Objective;
  /** The model's logits after the predicting token, `[V]`, as reading gave them: needed for {@link Gpt2Function.writes}. */
  logits?: Float32Array;
  /** x′, `[count, C]`. */
  baseline: Float32Array;
}

const forms: Record<Objective, ObjectiveForm> = {
  contrast: 'linear',
  logit: 'linear',
  'log-prob': 'log-prob',
  probability: 'probability',
};

export class Gpt2Function implements ExplainedFunction {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array;
  readonly baseline: Float32Array;
  readonly #model: Gpt2;
  readonly #question: Question;
  readonly #run: Run;
  readonly #onEvaluated: (evaluations: number) => void;
  /** Embeddings after the explained tokens, up to the predicting one: they do not change, but what they see does. */
  readonly #tail: Float32Array;
  readonly #stagedRun = new StagedRun();
  #evaluations = 0;

  constructor(model: Gpt2, question: Question, run: Run, onEvaluated: (evaluations: number) => void) {
    const { sequence, first, count, predictsAt } = question;
    const { weights } = model.checkpoint;
    const end = Math.min(first + count, predictsAt + 1);
    this.count = end - first;
    this.width = model.config.width;
    this.x = weights.rows('wte.weight', sequence.ids.slice(first, end));
    this.baseline = question.baseline;
    this.#tail = weights.rows('wte.weight', sequence.ids.slice(end, predictsAt + 1));
    this.#model = model;
    this.#question = question;
    this.#run = run;
    this.#onEvaluated = onEvaluated;
  }

  /** Points evaluated so far. */
  get evaluations(): number {
    return this.#evaluations;
  }

  async evaluate(points: readonly Point[], { gradient }: { gradient: boolean }): Promise<Evaluation[]> {
    const pace = gradient ? this.#model.programs.pace.gradient : this.#model.programs.pace.value;
    const evaluations: Evaluation[] = [];
    for (let start = 0; start < points.length; ) {
      const cut = Math.min(...points.slice(start).map(({ from }) => from));
      const batch = points.slice(start, start + pace.sequences(this.#steps(cut)));
      const slice = await this.#evaluateBatch(batch, gradient);
      evaluations.push(...slice);
      start += batch.length;
      this.#evaluations += batch.length;
      this.#onEvaluated(this.#evaluations);
      await this.#run.breathe();
    }
    return evaluations;
  }

  /** For a contrast or a logit: {@link directWrites}. It costs one time step and no gradient. */
  async writes(): Promise<Writes> {
    const { objective, logits } = this.#question;
    if (forms[objective] !== 'linear' || !logits) throw new TypeError('only of an objective of known logits');
    const contrast = this.#contrast;
    const question = { ...this.#question, count: this.count, contrast };
    const writes = await directWrites(this.#model, question, this.#run);
    const { target, foil } = contrast;
    this.#evaluations++;
    this.#onEvaluated(this.#evaluations);
    const value = (logits[target] as number) - (foil === null ? 0 : (logits[foil] as number));
    return { ...writes, value };
  }

  /** Gives memory back, which further evaluations would make anew. */
  release(): void {
    this.#stagedRun.release();
  }

  /** What is contrasted: only where the objective does is it the foil. */
  get #contrast(): Contrast {
    const { target, foil, objective } = this.#question;
    return { target, foil: objective === 'contrast' ? foil : null };
  }

  /** Time steps from explained row `cut` to the predicting token. */
  #steps(cut: number): number {
    return this.#question.predictsAt - this.#question.first - cut + 1;
  }

  async #evaluateBatch(batch: readonly Point[], gradient: boolean): Promise<Evaluation[]> {
    const cut = Math.min(...batch.map(({ from }) => from));
    const steps = this.#steps(cut);
    const pace = gradient ? this.#model.programs.pace.gradient : this.#model.programs.pace.value;
    const form = forms[this.#question.objective];
    const prefix = this.#question.first + cut > 0;
    const rows = batch.length * steps;
    const variant = { objective: form, prefix, gradient };
    const { programs } = this.#model;
    const stages = await programs.gradient(this.#run, variant, programs.stages(pace.slices(rows)));
    const feeds = this.#feeds(batch, cut, steps);
    const outputs = await this.#stagedRun.evaluate(stages, feeds, this.#run, { pace, rows });
    const evaluations = batch.map(async (point, b) => ({
      value: await this.#model.soundness.finite(outputs.value?.[b], this.#run),
      gradient: outputs.gradient
        ? this.#gather(outputs.gradient, point, cut, batch.length, b)
        : new Float32Array(0),
    }));
    return Promise.all(evaluations);
  }

  #feeds(batch: readonly Point[], cut: number, steps: number): Feeds {
    const { sequence, first, predictsAt } = this.#question;
    const past = first + cut;
    return {
      embeddings: floats(this.#interleave(batch, cut, steps), [steps, batch.length, this.width]),
      positions: range(past, predictsAt + 1),
      ...contrastFeeds(this.#contrast),
      ...maskedPastFeeds(sequence.cache, past, predictsAt + 1),
    };
  }

  /** The batch's rows from `cut` on with the tail, time-major: `[steps, B, C]`. */
  #interleave(batch: readonly Point[], cut: number, steps: number): Float32Array {
    const { width: C, count } = this;
    const all = new Float32Array(steps * batch.length * C);
    for (const [b, point] of batch.entries()) {
      for (let step = 0; step < steps; step++) {
        const row = cut + step;
        const [source, at] =
          row >= count
            ? [this.#tail, row - count]
            : row < point.from
              ? [this.x, row]
              : [point.rows, row - point.from];
        all.set(source.subarray(at * C, (at + 1) * C), (step * batch.length + b) * C);
      }
    }
    return all;
  }

  /** One point's own rows out of the gradient `[steps, B, C]`. */
  #gather(gradient: Float32Array, point: Point, cut: number, batchSize: number, b: number): Float32Array {
    const { width: C, count } = this;
    const own = new Float32Array((count - point.from) * C);
    for (let row = point.from; row < count; row++) {
      const at = ((row - cut) * batchSize + b) * C;
      own.set(gradient.subarray(at, at + C), (row - point.from) * C);
    }
    return own;
  }
}
