/** Reads edited texts and says how far each is from the goal. */
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { sortedGroups, textInput } from '../question/editedText.ts';
import { Evaluator } from '../question/evaluator.ts';
import type { Run } from '../run.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats, integers } from '../runtime/tensors.ts';
import { type Goal, leadOf, neededTop, type Outcome, toldNext } from './goal.ts';

export class Judge {
  readonly goal: Goal;
  readonly #model: Gpt2;
  readonly #sequence: Sequence;
  readonly #run: Run;
  readonly #evaluator: Evaluator;
  #others = 0;

  /** @param sequence has read the text that is edited: what an edited text begins with alike is not read again */
  constructor(
    model: Gpt2,
    sequence: Sequence,
    goal: Goal,
    run: Run,
    onEvaluated: (evaluations: number) => void,
  ) {
    this.goal = goal;
    this.#model = model;
    this.#sequence = sequence;
    this.#run = run;
    const scalar = { target: goal.token, foil: null, objective: 'logit' } as const;
    this.#evaluator = new Evaluator(model, sequence, scalar, run, () => onEvaluated(this.evaluations));
  }

  /** Texts that were read, and what was counted besides. */
  get evaluations(): number {
    return this.#evaluator.evaluations + this.#others;
  }

  /** Counts another evaluation: a gradient, or a text whose perplexity is measured. */
  count(): void {
    this.#others++;
  }

  /**
   * @param texts all that is read of each
   * @throws EngineError `cancelled`, `result-not-finite`
   */
  async judge(texts: readonly (readonly number[])[]): Promise<Outcome[]> {
    const outcomes = new Array<Outcome>(texts.length);
    const inputs = texts.map((ids) => textInput(this.#model, { ids }, this.#sequence));
    for (const group of sortedGroups(inputs)) {
      const streams = await this.#evaluator.lastStreams(group.map(({ input }) => input));
      const judged = await this.#outcomes(streams, group.length);
      for (const [place, { index }] of group.entries()) outcomes[index] = judged[place] as Outcome;
    }
    return outcomes;
  }

  /** Frees memory. */
  release(): void {
    this.#evaluator.release();
  }

  /** @param streams before ln_f, `[count, C]` */
  async #outcomes(streams: Float32Array, count: number): Promise<Outcome[]> {
    const { config, programs, soundness, tokenizer } = this.#model;
    const { width: C, vocabularySize } = config;
    const head = await programs.head(this.#run);
    const k = Math.min(neededTop(this.goal), vocabularySize);
    const outcomes: Outcome[] = [];
    while (outcomes.length < count) {
      const start = outcomes.length;
      const rows = Math.min(count - start, programs.pace.head.rows);
      const feeds = {
        residual: floats(streams.slice(start * C, (start + rows) * C), [rows, C]),
        next: integers(new Array<number>(rows).fill(this.goal.token)),
        k: integers([k]),
      };
      const names = ['log_prob', 'above', 'log_total', 'top_logits'] as const;
      const out = await programs.pace.head.time(rows, () => fetch(head, feeds, names, ['top_ids']));
      for (let row = 0; row < rows; row++) {
        const logTotal = await soundness.finite(out.log_total[row], this.#run);
        const logProbability = out.log_prob[row] as number;
        const top = Array.from({ length: k }, (_, place) => ({
          id: out.top_ids[row * k + place] as number,
          logit: out.top_logits[row * k + place] as number,
        }));
        outcomes.push({
          lead: leadOf(this.goal, logProbability + logTotal, top),
          rank: 1 + (out.above[row] as number),
          probability: Math.exp(logProbability),
          next: top.slice(0, toldNext).map(({ id, logit }) => ({
            ...tokenizer.shown(id),
            probability: Math.exp(logit - logTotal),
            logit,
          })),
        });
      }
      await this.#run.breathe();
    }
    return outcomes;
  }
}
