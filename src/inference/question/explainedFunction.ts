/** f over GPT-2's token embeddings, and over texts. */
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
  Writes,
} from '../attribution/method.ts';
import { directWrites } from '../gpt2/directWrites.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import { checkText, type EditedText, embeddingsOf, knownOf, sortedGroups, textInput } from './editedText.ts';
import type { Evaluator, Input } from './evaluator.ts';
import type { Explained, KnownOfText, QuestionFunction } from './questionFunction.ts';
import type { Replacement, Subject, Surroundings } from './removal/operator.ts';
import { refilledRows } from './removal/refill.ts';
import { without } from './removal/removal.ts';
import { routesOf } from './routes.ts';
import { type InputSurprisal, surprisalsOfText, surprisalsWithout } from './surprisal.ts';

export class Gpt2Function implements QuestionFunction {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array;
  readonly baseline: Float32Array;
  /**
   * Only if f is linear in the logits and these are known; see {@link directWrites}. Costs one time step and no
   * gradient.
   */
  readonly writes?: () => Promise<Writes>;
  /** Only if the text has no hidden tokens. */
  readonly multipliers?: () => Promise<Multipliers>;
  readonly parts?: NonNullable<Domain['parts']>;
  /** Only if the streams of the text are known. */
  readonly routes?: (kind: RouteKind) => Promise<Routes>;
  readonly #evaluator: Evaluator;
  readonly #text: EditedText;
  readonly #surroundings: Surroundings;
  readonly #first: number;
  /** x′ of any token, `[C]`. */
  readonly #baselineRow: Float32Array;
  /** The token with which {@link #rows} begins: those before it never have to be computed. */
  readonly #from: number;
  /** Embeddings of the tokens from `#from` to the predicting one; x is a part of them. */
  readonly #rows: Float32Array;

  /**
   * @param baseline the row that takes a token's place, `[C]`
   * @param known logits after the predicting token, `[V]`; what stands around the text
   */
  constructor(
    evaluator: Evaluator,
    text: EditedText,
    { first, count }: Explained,
    baseline: Float32Array,
    { logits, streams, surroundings = { before: '', after: '' }, parts }: KnownOfText = {},
  ) {
    const { model, sequence } = evaluator;
    const { width } = model.config;
    this.width = width;
    this.count = Math.min(count, text.ids.length - first);
    this.baseline = new Float32Array(this.count * width);
    for (let token = 0; token < this.count; token++) this.baseline.set(baseline, token * width);
    this.#evaluator = evaluator;
    this.#text = text;
    this.#surroundings = surroundings;
    this.#first = first;
    this.#baselineRow = baseline;
    this.#from = Math.min(first, knownOf(text, sequence));
    this.#rows = embeddingsOf(model, text.ids.slice(this.#from));
    this.x = this.#rows.subarray((first - this.#from) * width, (first - this.#from + this.count) * width);
    if (parts) this.parts = parts;
    if (!text.hidden?.length) this.multipliers = () => this.#multipliers();
    if (logits && evaluator.isLinear) this.writes = () => this.#writes(logits, streams ?? null);
    if (streams) this.routes = async (kind) => this.#routes(kind, streams);
  }

  /** Inputs evaluated so far, those of edited texts included. */
  get evaluations(): number {
    return this.#evaluator.evaluations;
  }

  async values(points: readonly Point[]): Promise<number[]> {
    const outputs = await this.#evaluator.evaluate(points.map(this.#inputAt, this), false);
    return outputs.map(({ value }) => value);
  }

  gradients(points: readonly Point[]): Promise<Evaluation[]> {
    return this.#evaluator.evaluate(points.map(this.#inputAt, this), true);
  }

  async valuesOf(texts: readonly EditedText[]): Promise<number[]> {
    const { model, sequence } = this.#evaluator;
    for (const text of texts) checkText(model, text, this.#room);
    const values = new Array<number>(texts.length);
    const inputs = texts.map((text) => textInput(model, text, sequence));
    for (const group of sortedGroups(inputs)) {
      const together = group.map(({ input }) => input);
      for (const [place, { value }] of (await this.#evaluator.evaluate(together, false)).entries()) {
        values[(group[place] as { index: number }).index] = value;
      }
    }
    return values;
  }

  about(text: EditedText, explained: Explained): Gpt2Function {
    checkText(this.#evaluator.model, text, this.#room);
    return new Gpt2Function(this.#evaluator, text, explained, this.#baselineRow, {
      surroundings: this.#surroundings,
    });
  }

  without(sets: readonly TokenSet[], options: RemovalOptions): Promise<Remainder[]> {
    return without(this, this.#subject, sets, options);
  }

  surprisals(sets: readonly TokenSet[], options: RemovalOptions): Promise<InputSurprisal[]> {
    const { model, sequence } = this.#evaluator;
    const inputOf = (replacement: Replacement) =>
      'ids' in replacement ? textInput(model, replacement, sequence) : this.#inputAt(replacement);
    return surprisalsWithout(this.#subject, sets, options, inputOf, (inputs) =>
      this.#evaluator.residuals(inputs),
    );
  }

  surprisalsOfText(): Promise<number[]> {
    return surprisalsOfText(this.#subject);
  }

  refill(sample: number, seed: number): Promise<Float32Array> {
    return refilledRows(this.#subject, sample, seed);
  }

  release(): void {
    this.#evaluator.release();
  }

  get #room(): number {
    return this.#evaluator.model.config.contextLength;
  }

  get #subject(): Subject {
    const { model, sequence, run } = this.#evaluator;
    const known = { text: this.#text, first: this.#first, surroundings: this.#surroundings };
    return { model, sequence, run, domain: this, ...known, room: this.#room };
  }

  #inputAt({ from, rows }: Point): Input {
    const { width: C } = this;
    const { ids, hidden = [] } = this.#text;
    const changed = this.#first + from;
    const end = this.#first + this.count;
    const row = (all: Float32Array, at: number) => all.subarray(at * C, (at + 1) * C);
    return {
      length: ids.length,
      known: Math.min(changed, knownOf(this.#text, this.#evaluator.sequence)),
      hidden,
      own: { first: changed, end },
      embeddingsFrom: () => (place) =>
        place < changed || place >= end ? row(this.#rows, place - this.#from) : row(rows, place - changed),
    };
  }

  async #multipliers(): Promise<Multipliers> {
    const [x, baseline] = [this.x, this.baseline].map((rows) => this.#inputAt({ from: 0, rows }));
    const { value, reference, multipliers } = await this.#evaluator.multipliers(
      x as Input,
      baseline as Input,
    );
    return { value, baselineValue: reference, multipliers };
  }

  async #writes(logits: Float32Array, streams: StreamRows | null): Promise<Writes> {
    const { model, sequence, contrast, run } = this.#evaluator;
    const predictsAt = this.#text.ids.length - 1;
    const writes = await directWrites(model, { sequence, predictsAt, streams, contrast }, run);
    this.#evaluator.count(1);
    const { target, foil } = contrast;
    const value = (logits[target] as number) - (foil === null ? 0 : (logits[foil] as number));
    return { ...writes, places: predictsAt + 1, first: this.#first, value };
  }

  #routes(kind: RouteKind, streams: StreamRows): Routes {
    const { model, sequence, contrast, run, isLinear } = this.#evaluator;
    const { ids } = this.#text;
    const onLayer = () => this.#evaluator.count(ids.length);
    const subject = { model, sequence, ids, streams, first: this.#first, run, onLayer };
    return routesOf({ ...subject, contrast: isLinear ? contrast : null }, kind);
  }
}
