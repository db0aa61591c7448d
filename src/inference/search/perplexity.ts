/** How expected an edited text is, beside the text itself. */
import type { Gpt2 } from '../gpt2/model.ts';
import { predictions } from '../gpt2/predictions.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { knownOf, textInput } from '../question/editedText.ts';
import { Evaluator, type Input } from '../question/evaluator.ts';
import type { Run } from '../run.ts';

export interface Likeness {
  /** Perplexity of the edited text over that of the text; null for a text of one token, which nothing predicts. */
  ratio: number | null;
  /** Surprisals, in nats, of the edited text's tokens from the first that differs on. */
  changed: number[];
}

/** The streams of the text are kept: what an edited text begins with alike is not read again. */
export class Perplexities {
  readonly #model: Gpt2;
  readonly #sequence: Sequence;
  readonly #run: Run;
  readonly #ids: readonly number[];
  readonly #evaluator: Evaluator;
  #base: { stream: Float32Array; surprisals: number[] } | null = null;

  /** @param sequence has read the text */
  constructor(model: Gpt2, sequence: Sequence, ids: readonly number[], run: Run) {
    this.#model = model;
    this.#sequence = sequence;
    this.#run = run;
    this.#ids = ids;
    const scalar = { target: 0, foil: null, objective: 'logit' } as const;
    this.#evaluator = new Evaluator(model, sequence, scalar, run, () => {});
  }

  /** Surprisals of the text's own tokens but the first, in nats. */
  async ownSurprisals(): Promise<readonly number[]> {
    return (await this.#ofText()).surprisals;
  }

  async of(ids: readonly number[]): Promise<Likeness> {
    const { stream: own, surprisals } = await this.#ofText();
    const { width: C } = this.#model.config;
    const known = knownOf({ ids }, this.#sequence);
    const stream = await this.#streamOf(textInput(this.#model, { ids }, this.#sequence));
    // The first token that is read anew is predicted by the last one that is not.
    const first = Math.max(1, known);
    const rows = new Float32Array((ids.length - first) * C);
    if (known > 0) rows.set(own.subarray((known - 1) * C, known * C));
    rows.set(stream.subarray(0, rows.length - (known > 0 ? C : 0)), known > 0 ? C : 0);
    const changed = await this.#surprisals(rows, ids.slice(first));
    const all = [...surprisals.slice(0, first - 1), ...changed];
    const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    const ratio = all.length > 0 && surprisals.length > 0 ? Math.exp(mean(all) - mean(surprisals)) : null;
    return { ratio, changed };
  }

  release(): void {
    this.#evaluator.release();
  }

  async #ofText() {
    if (this.#base) return this.#base;
    const input = { ...textInput(this.#model, { ids: this.#ids }, this.#sequence), known: 0 };
    const stream = await this.#streamOf(input);
    const { width: C } = this.#model.config;
    const surprisals = await this.#surprisals(
      stream.subarray(0, (this.#ids.length - 1) * C),
      this.#ids.slice(1),
    );
    this.#base = { stream, surprisals };
    return this.#base;
  }

  async #streamOf(input: Input): Promise<Float32Array> {
    const [read] = await this.#evaluator.residuals([input]);
    return read!.stream;
  }

  async #surprisals(rows: Float32Array, next: readonly number[]): Promise<number[]> {
    const found: number[] = [];
    for await (const slice of predictions(this.#model, rows, next, 0, this.#run)) {
      found.push(...slice.map(({ logProb }) => -logProb));
    }
    return found;
  }
}
