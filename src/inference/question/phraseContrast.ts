/**
 * A token held against a phrase: f(x) = log p(t | x) − Σ_k log p(u_k | x, u_<k) for the target t and the foil's tokens
 * u. Where the foil is one token this is z_t − z_u, as both log-probabilities have the same logsumexp.
 */
import type { Evaluation, ExplainedFunction, Point } from '../attribution/method.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { predictions } from '../gpt2/predictions.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import type { Run } from '../run.ts';
import { Gpt2Function, type Question } from './explainedFunction.ts';

/**
 * log p(phrase | sequence), reading all of the phrase but its last token.
 * @param residual the stream before ln_f after the sequence, `[C]`
 */
export async function phraseLogProbability(
  model: Gpt2,
  sequence: Sequence,
  residual: Float32Array,
  phrase: readonly number[],
  run: Run,
): Promise<number> {
  const after = await sequence.read(phrase.slice(0, -1), run);
  const rows = new Float32Array(residual.length + after.length);
  rows.set(residual);
  rows.set(after, residual.length);
  let sum = 0;
  for await (const slice of predictions(model, rows, phrase, 0, run)) {
    for (const { logProb } of slice) sum += logProb;
  }
  return model.soundness.finite(sum, run);
}

interface Term {
  sign: 1 | -1;
  logProbability: Gpt2Function;
}

export class PhraseContrast implements ExplainedFunction {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array;
  readonly baseline: Float32Array;
  readonly #terms: readonly Term[];

  /**
   * @param question about the target; its sequence goes on with the foil's tokens but the last, and they are constants
   * @param foil not the target alone
   */
  constructor(
    model: Gpt2,
    question: Omit<Question, 'foil' | 'objective'>,
    foil: readonly number[],
    run: Run,
    onEvaluated: (evaluations: number) => void,
  ) {
    const term = (sign: Term['sign'], target: number, ahead: number): Term => {
      const predictsAt = question.predictsAt + ahead;
      const asked = { ...question, target, predictsAt, foil: null, objective: 'log-prob' as const };
      const report = () => onEvaluated(this.evaluations);
      return { sign, logProbability: new Gpt2Function(model, asked, run, report) };
    };
    const against = foil.map((id, index) => term(-1, id, index));
    // A foil that begins with the target takes it away again.
    this.#terms = foil[0] === question.target ? against.slice(1) : [term(1, question.target, 0), ...against];
    const [{ logProbability }] = this.#terms as [Term];
    this.count = logProbability.count;
    this.width = logProbability.width;
    this.x = logProbability.x;
    this.baseline = logProbability.baseline;
  }

  /** Points evaluated so far, with all terms. */
  get evaluations(): number {
    const sum = this.#terms.reduce((total, { logProbability }) => total + logProbability.evaluations, 0);
    return Math.floor(sum / this.#terms.length);
  }

  async evaluate(points: readonly Point[], options: { gradient: boolean }): Promise<Evaluation[]> {
    const sums = points.map(({ rows }) => ({
      value: 0,
      gradient: new Float32Array(options.gradient ? rows.length : 0),
    }));
    for (const { sign, logProbability } of this.#terms) {
      const evaluations = await logProbability.evaluate(points, options);
      // Each term keeps its own intermediate values; no two need theirs at once.
      logProbability.release();
      for (const [index, sum] of sums.entries()) {
        const { value, gradient } = evaluations[index] as Evaluation;
        sum.value += sign * value;
        for (const [at, slope] of gradient.entries()) sum.gradient[at] = sum.gradient[at]! + sign * slope;
      }
    }
    return sums;
  }

  /** Gives memory back, which further evaluations would make anew. */
  release(): void {
    for (const { logProbability } of this.#terms) logProbability.release();
  }
}
