/**
 * A token against a phrase: f(x) = log p(t | x) − Σ_k log p(u_k | x, u_<k) for the target t and the foil's tokens u. If
 * the foil is one token this is z_t − z_u, as both log-probabilities have the same logsumexp.
 */
import type {
  Domain,
  Evaluation,
  Multipliers,
  Point,
  Remainder,
  RemovalOptions,
  RouteKind,
  Routes,
  TokenSet,
} from '../attribution/method.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { predictions } from '../gpt2/predictions.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import type { Run } from '../run.ts';
import { checkText, type EditedText } from './editedText.ts';
import { Evaluator } from './evaluator.ts';
import { Gpt2Function } from './explainedFunction.ts';
import type { Explained, KnownOfText, QuestionFunction } from './questionFunction.ts';
import type { Subject, Surroundings } from './removal/operator.ts';
import { refilledRows } from './removal/refill.ts';
import { without } from './removal/removal.ts';
import { routesOf } from './routes.ts';

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
  /** The term is the log-probability of one token after the text and these tokens. */
  after: readonly number[];
  evaluator: Evaluator;
}

/**
 * The log-probabilities that f is made of.
 * @param sequence has read all of the foil's tokens but the last; they are constants
 * @param foil must not be the target alone
 * @param onEvaluated is told the number of evaluations of f so far
 */
export function phraseTerms(
  model: Gpt2,
  sequence: Sequence,
  target: number,
  foil: readonly number[],
  run: Run,
  onEvaluated: (evaluations: number) => void,
): readonly Term[] {
  const term = (sign: Term['sign'], id: number, ahead: number): Term => {
    const scalar = { target: id, foil: null, objective: 'log-prob' } as const;
    const evaluator = new Evaluator(model, sequence, scalar, run, () => onEvaluated(evaluationsOf(terms)));
    return { sign, after: foil.slice(0, ahead), evaluator };
  };
  const against = foil.map((id, index) => term(-1, id, index));
  // If the foil begins with the target, these two terms cancel.
  const terms = foil[0] === target ? against.slice(1) : [term(1, target, 0), ...against];
  return terms;
}

/** Evaluations of f: each one evaluates every term once. */
function evaluationsOf(terms: readonly Term[]): number {
  return Math.floor(terms.reduce((sum, { evaluator }) => sum + evaluator.evaluations, 0) / terms.length);
}

export class PhraseContrast implements QuestionFunction {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array;
  readonly baseline: Float32Array;
  readonly parts?: NonNullable<Domain['parts']>;
  /** Only if the text has no hidden tokens. */
  readonly multipliers?: () => Promise<Multipliers>;
  /** Only if the streams of the text are known. Attention does not depend on the foil. */
  readonly routes?: (kind: RouteKind) => Promise<Routes>;
  readonly #text: EditedText;
  readonly #first: number;
  readonly #surroundings: Surroundings;
  readonly #terms: readonly Term[];
  /** For each term its function of the text, after which the term's own tokens follow. */
  readonly #parts: readonly Gpt2Function[];
  readonly #baselineRow: Float32Array;

  /**
   * @param terms of {@link phraseTerms}
   * @param baseline the row that takes a token's place, `[C]`
   */
  constructor(
    terms: readonly Term[],
    text: EditedText,
    explained: Explained,
    baseline: Float32Array,
    { streams, surroundings = { before: '', after: '' }, parts }: KnownOfText = {},
  ) {
    this.#text = text;
    this.#first = explained.first;
    this.#surroundings = surroundings;
    // The foil's tokens are not explained.
    const count = Math.min(explained.count, text.ids.length - explained.first);
    this.#parts = terms.map(
      ({ evaluator, after }) =>
        new Gpt2Function(evaluator, followed(text, after), { ...explained, count }, baseline),
    );
    const [first] = this.#parts as [Gpt2Function];
    this.count = first.count;
    this.width = first.width;
    this.x = first.x;
    this.baseline = first.baseline;
    if (parts) this.parts = parts;
    if (!text.hidden?.length) this.multipliers = () => this.#multipliers();
    this.#terms = terms;
    this.#baselineRow = baseline;
    if (streams) this.routes = async (kind) => this.#routes(kind, streams);
  }

  get evaluations(): number {
    return evaluationsOf(this.#terms);
  }

  values(points: readonly Point[]): Promise<number[]> {
    return this.#sum(points.length, (part) => part.values(points));
  }

  async gradients(points: readonly Point[]): Promise<Evaluation[]> {
    const sums = points.map(({ rows }) => ({ value: 0, gradient: new Float32Array(rows.length) }));
    await this.#eachTerm(async ({ sign }, part) => {
      const evaluations = await part.gradients(points);
      for (const [index, sum] of sums.entries()) {
        const { value, gradient } = evaluations[index] as Evaluation;
        sum.value += sign * value;
        for (const [at, slope] of gradient.entries()) sum.gradient[at] = sum.gradient[at]! + sign * slope;
      }
    });
    return sums;
  }

  /** Of a sum, the sum of its terms'. */
  async #multipliers(): Promise<Multipliers> {
    const sum = { value: 0, baselineValue: 0, multipliers: new Float32Array(this.x.length) };
    await this.#eachTerm(async ({ sign }, part) => {
      const own = await (part.multipliers as () => Promise<Multipliers>)();
      sum.value += sign * own.value;
      sum.baselineValue += sign * own.baselineValue;
      for (const [at, one] of own.multipliers.entries()) {
        sum.multipliers[at] = (sum.multipliers[at] as number) + sign * one;
      }
    });
    return sum;
  }

  valuesOf(texts: readonly EditedText[]): Promise<number[]> {
    for (const text of texts) checkText(this.#model, text, this.#room);
    return this.#sum(texts.length, (part, { after }) =>
      part.valuesOf(texts.map((text) => followed(text, after))),
    );
  }

  about(text: EditedText, explained: Explained): PhraseContrast {
    checkText(this.#model, text, this.#room);
    return new PhraseContrast(this.#terms, text, explained, this.#baselineRow, {
      surroundings: this.#surroundings,
    });
  }

  without(sets: readonly TokenSet[], options: RemovalOptions): Promise<Remainder[]> {
    return without(this, this.#subject, sets, options);
  }

  refill(sample: number, seed: number): Promise<Float32Array> {
    return refilledRows(this.#subject, sample, seed);
  }

  get #subject(): Subject {
    const [{ evaluator }] = this.#terms as [Term];
    const { model, sequence, run } = evaluator;
    const known = { text: this.#text, first: this.#first, surroundings: this.#surroundings };
    return { model, sequence, run, domain: this, ...known, room: this.#room };
  }

  #routes(kind: RouteKind, streams: StreamRows): Routes {
    const [{ evaluator }] = this.#terms as [Term];
    const { model, sequence, run } = evaluator;
    const { ids } = this.#text;
    const subject = { model, sequence, ids, streams, first: this.#first, contrast: null, run };
    return routesOf({ ...subject, onLayer: () => evaluator.count(ids.length) }, kind);
  }

  get #model(): Gpt2 {
    return (this.#terms[0] as Term).evaluator.model;
  }

  /** The most tokens of a text: all of the foil's tokens but the last follow it in the context. */
  get #room(): number {
    return this.#model.config.contextLength - Math.max(...this.#terms.map(({ after }) => after.length));
  }

  release(): void {
    for (const { evaluator } of this.#terms) evaluator.release();
  }

  async #sum(
    count: number,
    valuesOf: (part: Gpt2Function, term: Term) => Promise<number[]>,
  ): Promise<number[]> {
    const sums = new Array<number>(count).fill(0);
    await this.#eachTerm(async (term, part) => {
      for (const [index, value] of (await valuesOf(part, term)).entries()) {
        sums[index] = sums[index]! + term.sign * value;
      }
    });
    return sums;
  }

  async #eachTerm(work: (term: Term, part: Gpt2Function) => Promise<void>): Promise<void> {
    for (const [index, term] of this.#terms.entries()) {
      await work(term, this.#parts[index] as Gpt2Function);
      // Each term holds its own intermediate values, and the terms run one after another.
      term.evaluator.release();
    }
  }
}

function followed({ ids, ...text }: EditedText, after: readonly number[]): EditedText {
  return { ...text, ids: [...ids, ...after] };
}
