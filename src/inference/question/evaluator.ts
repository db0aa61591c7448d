/** Evaluates the objective at many inputs of the model, in slices. Every f of one question is computed by it. */
import type { Objective } from '../../protocol/results.ts';
import type { Evaluation } from '../attribution/method.ts';
import { type Contrast, contrastFeeds } from '../gpt2/contrast.ts';
import type { ObjectiveForm } from '../gpt2/layers/objective.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { maskedPastFeeds } from '../gpt2/pastFeeds.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { StagedRun } from '../gpt2/stagedRun.ts';
import type { Run } from '../run.ts';
import type { Feeds } from '../runtime/backend.ts';
import { floats, range } from '../runtime/tensors.ts';

/** One input of the model, up to the predicting token. */
export interface Input {
  /** Number of tokens. */
  length: number;
  /**
   * How many of the first tokens are as the sequence has read them, so that their keys and values are known. Never all.
   */
  known: number;
  /** Places that no other token attends to. */
  hidden: readonly number[];
  /** Gives the embeddings of the tokens from `from` on, one token at a time, `[C]`. */
  embeddingsFrom(from: number): (place: number) => Float32Array;
  /** The tokens whose gradient is wanted, if it is. Known tokens are constants and have no gradient. */
  own: { first: number; end: number };
}

export interface Scalar {
  target: number;
  /** Only a contrast has one. */
  foil: number | null;
  objective: Objective;
}

const forms: Record<Objective, ObjectiveForm> = {
  contrast: 'linear',
  logit: 'linear',
  'log-prob': 'log-prob',
  probability: 'probability',
};

export class Evaluator {
  readonly model: Gpt2;
  /** The text that was read. Its keys and values are used for the beginning that an input shares with it. */
  readonly sequence: Sequence;
  readonly contrast: Contrast;
  readonly run: Run;
  readonly #form: ObjectiveForm;
  readonly #onEvaluated: (evaluations: number) => void;
  readonly #stagedRun = new StagedRun();
  #evaluations = 0;

  constructor(
    model: Gpt2,
    sequence: Sequence,
    { target, foil, objective }: Scalar,
    run: Run,
    onEvaluated: (evaluations: number) => void,
  ) {
    this.model = model;
    this.sequence = sequence;
    this.contrast = { target, foil: objective === 'contrast' ? foil : null };
    this.run = run;
    this.#form = forms[objective];
    this.#onEvaluated = onEvaluated;
  }

  /** Inputs evaluated so far. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /**
   * Whether f is linear in the logits and so, but for the last layer norm, a sum over what is written to the stream.
   */
  get isLinear(): boolean {
    return this.#form === 'linear';
  }

  count(evaluations: number): void {
    this.#evaluations += evaluations;
    this.#onEvaluated(this.#evaluations);
  }

  /**
   * @param inputs of one length, and all with hidden tokens or all without
   * @returns f and, with `gradient`, ∂f/∂(embedding) of each input's own tokens, `[end − first, C]`
   * @throws EngineError `cancelled`, `result-not-finite`, `tensor-not-finite`
   */
  async evaluate(inputs: readonly Input[], gradient: boolean): Promise<Evaluation[]> {
    const pace = gradient ? this.model.programs.pace.gradient : this.model.programs.pace.value;
    const evaluations: Evaluation[] = [];
    for (let start = 0; start < inputs.length; ) {
      const rest = inputs.slice(start);
      const steps = (rest[0] as Input).length - leastKnown(rest);
      const batch = rest.slice(0, pace.sequences(steps));
      evaluations.push(...(await this.#evaluateBatch(batch, gradient)));
      start += batch.length;
      this.count(batch.length);
      await this.run.breathe();
    }
    return evaluations;
  }

  /**
   * DeepLIFT's multipliers between two inputs of one length, without hidden tokens.
   * @returns f at both, and the multipliers of the first one's own tokens, `[end − first, C]`
   * @throws EngineError `cancelled`, `result-not-finite`, `tensor-not-finite`
   */
  async multipliers(
    input: Input,
    reference: Input,
  ): Promise<{ value: number; reference: number; multipliers: Float32Array }> {
    const { model, run } = this;
    const cut = leastKnown([input, reference]);
    const { programs, soundness } = model;
    const pace = programs.pace.gradient;
    const rows = 2 * (input.length - cut);
    const variant = { objective: this.#form, prefix: cut > 0 };
    const stages = await programs.multipliers(run, variant, programs.stages(pace.slices(rows)));
    const feeds = this.#feeds([input, reference], cut);
    const outputs = await this.#stagedRun.evaluate(stages, feeds, run, { pace, rows });
    const values = outputs.value as Float32Array;
    for (const value of values) await soundness.finite(value, run);
    this.count(2);
    await run.breathe();
    const { first, end } = input.own;
    const own = { batch: 1, place: 0, first: first - cut, end: end - cut };
    return {
      value: values[0] as number,
      reference: values[1] as number,
      multipliers: gather(outputs.multipliers as Float32Array, model.config.width, own),
    };
  }

  /** The stream before ln_f of inputs from the place `from` on, `[length − from, C]`. */
  async residuals(inputs: readonly Input[]): Promise<{ from: number; stream: Float32Array }[]> {
    const pace = this.model.programs.pace.value;
    const { width: C } = this.model.config;
    const streams: { from: number; stream: Float32Array }[] = [];
    for (const input of inputs) {
      const { length, known: from, hidden } = input;
      const rows = length - from;
      const variant = { prefix: from > 0, hidden: hidden.length > 0 };
      const { programs, soundness } = this.model;
      const stages = await programs.forward(this.run, variant, programs.stages(pace.slices(rows)));
      const feeds = this.#inputFeeds([input], from);
      const outputs = await this.#stagedRun.evaluate(stages, feeds, this.run, { pace, rows });
      const stream = (outputs.residual as Float32Array).slice(0, rows * C);
      await soundness.finite(stream[0], this.run);
      streams.push({ from, stream });
      this.count(1);
      await this.run.breathe();
    }
    return streams;
  }

  /**
   * The stream before ln_f of each input's last token, `[inputs.length, C]`.
   * @param inputs as of {@link evaluate}
   * @throws EngineError `cancelled`, `tensor-not-finite`
   */
  async lastStreams(inputs: readonly Input[]): Promise<Float32Array> {
    const pace = this.model.programs.pace.value;
    const { width: C } = this.model.config;
    const streams = new Float32Array(inputs.length * C);
    for (let start = 0; start < inputs.length; ) {
      const rest = inputs.slice(start);
      const [{ length, hidden }] = rest as [Input];
      const cut = leastKnown(rest);
      const batch = rest.slice(0, pace.sequences(length - cut));
      const rows = batch.length * (length - cut);
      const { programs } = this.model;
      const variant = { prefix: cut > 0, hidden: hidden.length > 0 };
      const stages = await programs.forward(this.run, variant, programs.stages(pace.slices(rows)));
      const feeds = this.#inputFeeds(batch, cut);
      const { residual } = await this.#stagedRun.evaluate(stages, feeds, this.run, { pace, rows });
      const last = (length - cut - 1) * batch.length * C;
      streams.set((residual as Float32Array).subarray(last, last + batch.length * C), start * C);
      start += batch.length;
      this.count(batch.length);
      await this.run.breathe();
    }
    return streams;
  }

  /** Frees memory. Further evaluations allocate it again. */
  release(): void {
    this.#stagedRun.release();
  }

  async #evaluateBatch(batch: readonly Input[], gradient: boolean): Promise<Evaluation[]> {
    const { model, run } = this;
    const [{ length, hidden }] = batch as [Input];
    const cut = leastKnown(batch);
    const steps = length - cut;
    const pace = gradient ? model.programs.pace.gradient : model.programs.pace.value;
    const rows = batch.length * steps;
    const variant = { objective: this.#form, prefix: cut > 0, hidden: hidden.length > 0, gradient };
    const { programs, soundness } = model;
    const stages = await programs.gradient(run, variant, programs.stages(pace.slices(rows)));
    const outputs = await this.#stagedRun.evaluate(stages, this.#feeds(batch, cut), run, { pace, rows });
    const evaluations = batch.map(async ({ own }, place) => ({
      value: await soundness.finite(outputs.value?.[place], run),
      gradient: outputs.gradient
        ? gather(outputs.gradient, model.config.width, {
            ...{ batch: batch.length, place, first: own.first - cut, end: own.end - cut },
          })
        : new Float32Array(0),
    }));
    return Promise.all(evaluations);
  }

  #feeds(batch: readonly Input[], cut: number): Feeds {
    return { ...this.#inputFeeds(batch, cut), ...contrastFeeds(this.contrast) };
  }

  #inputFeeds(batch: readonly Input[], cut: number): Feeds {
    const { config } = this.model;
    const [{ length, hidden }] = batch as [Input];
    const steps = length - cut;
    return {
      embeddings: floats(interleave(batch, cut, config.width), [steps, batch.length, config.width]),
      positions: range(cut, length),
      ...(hidden.length > 0 && { hidden: floats(flags(batch), [batch.length, length]) }),
      ...maskedPastFeeds(this.sequence.cache, cut, length),
    };
  }
}

function leastKnown(inputs: readonly Input[]): number {
  return inputs.reduce((least, { known }) => Math.min(least, known), Number.POSITIVE_INFINITY);
}

/** The batch's embeddings from `cut` on, time-major: `[steps, B, C]`. */
function interleave(batch: readonly Input[], cut: number, C: number): Float32Array {
  const [{ length }] = batch as [Input];
  const all = new Float32Array((length - cut) * batch.length * C);
  for (const [b, input] of batch.entries()) {
    const embedding = input.embeddingsFrom(cut);
    for (let place = cut; place < length; place++) {
      all.set(embedding(place), ((place - cut) * batch.length + b) * C);
    }
  }
  return all;
}

/** `[B, length]`: 1 where a token is hidden. */
function flags(batch: readonly Input[]): Float32Array {
  const [{ length }] = batch as [Input];
  const all = new Float32Array(batch.length * length);
  for (const [b, { hidden }] of batch.entries()) {
    for (const place of hidden) all[b * length + place] = 1;
  }
  return all;
}

/** One input's own steps out of the gradient `[steps, B, C]`. */
function gather(
  gradient: Float32Array,
  C: number,
  { batch, place, first, end }: { batch: number; place: number; first: number; end: number },
): Float32Array {
  const own = new Float32Array((end - first) * C);
  for (let step = first; step < end; step++) {
    const at = (step * batch + place) * C;
    own.set(gradient.subarray(at, at + C), (step - first) * C);
  }
  return own;
}
