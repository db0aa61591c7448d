/**
 * What an edit would do to first order (HotFlip: Ebrahimi et al. 2018): with g the gradient of the goal's lead at the
 * embedding x of a token, v in its place changes the lead by about (e_v − x)·g.
 */
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { baselineRow } from '../question/baseline.ts';
import { Evaluator } from '../question/evaluator.ts';
import { Gpt2Function } from '../question/explainedFunction.ts';
import type { Run } from '../run.ts';
import { fetch } from '../runtime/fetch.ts';
import { floats } from '../runtime/tensors.ts';
import type { EditedReading } from './editableText.ts';
import type { Goal, Outcome } from './goal.ts';

export class FirstOrder {
  readonly #products: Float32Array;
  readonly #means: Float64Array;
  readonly #vocabulary: number;
  readonly #ids: readonly number[];

  /** @param products `[tokens, V]`, g·e_v of each editable token and each v */
  constructor(products: Float32Array, ids: readonly number[], vocabulary: number) {
    this.#products = products;
    this.#ids = ids;
    this.#vocabulary = vocabulary;
    this.#means = Float64Array.from(ids, (_, token) => {
      let sum = 0;
      for (let v = 0; v < vocabulary; v++) sum += products[token * vocabulary + v]!;
      return sum / vocabulary;
    });
  }

  /** v in the place of a token. */
  substitute(token: number, v: number): number {
    return this.#at(token, v) - this.#at(token, this.#ids[token]!);
  }

  /** v in front of a token: as if a token of no particular kind had stood there. */
  insert(token: number, v: number): number {
    return this.#at(token, v) - this.#means[token]!;
  }

  /** As if a token of no particular kind took its place. */
  remove(token: number): number {
    return this.#means[token]! - this.#at(token, this.#ids[token]!);
  }

  /** Other tokens in the place of those from `first` to `end`. */
  replace(first: number, end: number, others: readonly number[]): number {
    let sum = 0;
    for (let token = first; token < end; token++) sum += this.remove(token);
    const last = this.#ids.length - 1;
    for (const [index, v] of others.entries()) sum += this.insert(Math.min(first + index, last), v);
    return sum;
  }

  #at(token: number, v: number): number {
    return this.#products[token * this.#vocabulary + v]!;
  }
}

/**
 * One gradient, at an edited text.
 * @param sequence has read the text itself
 */
export async function firstOrderOf(
  model: Gpt2,
  sequence: Sequence,
  { ids, tokens, first }: EditedReading,
  { goal, outcome }: { goal: Goal; outcome: Outcome },
  run: Run,
): Promise<FirstOrder> {
  const { vocabularySize: V, width: C } = model.config;
  const evaluator = new Evaluator(
    model,
    sequence,
    { ...rivals(goal, outcome), objective: 'contrast' },
    run,
    () => {},
  );
  const explained = { first, count: tokens.length };
  const f = new Gpt2Function(evaluator, { ids }, explained, baselineRow(model, 'zero'));
  try {
    const [evaluation] = await f.gradients([{ from: 0, rows: f.x }]);
    const products = await productsOf(model, evaluation!.gradient, tokens.length, run);
    return new FirstOrder(
      products,
      tokens.map(({ id }) => id),
      V,
    );
  } finally {
    f.release();
  }

  async function productsOf({ programs }: Gpt2, directions: Float32Array, count: number, ofRun: Run) {
    const program = await programs.products(ofRun);
    const all = new Float32Array(count * V);
    for (let start = 0; start < count; ) {
      const rows = Math.min(count - start, programs.pace.head.rows);
      const feeds = { directions: floats(directions.slice(start * C, (start + rows) * C), [rows, C]) };
      const { products } = await programs.pace.head.time(rows, () => fetch(program, feeds, ['products']));
      all.set(products, start * V);
      start += rows;
      await ofRun.breathe();
    }
    return all;
  }
}

/** The two logits between which the goal is decided, as things stand: the first is to grow against the second. */
function rivals({ kind, token, ...goal }: Goal, { next }: Outcome): { target: number; foil: number } {
  const others = next.filter(({ id }) => id !== token);
  const place = 'rank' in goal ? goal.rank - 1 : 0;
  const rival = (others[place] ?? others.at(-1)!).id;
  return kind === 'to' ? { target: token, foil: rival } : { target: rival, foil: token };
}
