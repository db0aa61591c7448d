import type { NewEdit } from './edits.ts';
import type { FirstOrder } from './firstOrder.ts';
import { type EditSource, type Ranked, shuffled } from './source.ts';
import { Top } from './top.ts';
import type { Unit } from './units.ts';
import { formOf, type TypedToken } from './vocabulary.ts';

/** Each of the tokens in the place of, or in front of, each of the units. */
export class TokenEdits implements EditSource {
  readonly kind: 'substitute' | 'insert';
  readonly total: number;
  readonly #units: readonly Unit[];
  readonly #tokens: readonly TypedToken[];
  /** In what a token has to be like the unit. */
  readonly #alike: (one: { form: string }) => string | boolean | null;
  /** Of each unit. */
  readonly #looks: readonly (string | boolean | null)[];

  /** @param alike in what a token has to be like the unit: in leading space and case, or in the space alone */
  constructor(
    kind: 'substitute' | 'insert',
    units: readonly Unit[],
    tokens: readonly TypedToken[],
    alike: 'form' | 'space' | null,
  ) {
    this.kind = kind;
    this.#units = units;
    this.#tokens = tokens;
    this.#alike = (one) =>
      alike === 'form' ? one.form : alike === 'space' ? one.form.startsWith('_') : null;
    this.#looks = units.map(({ text }) => this.#alike({ form: formOf(text) }));
    this.total = this.#count();
  }

  best(most: number, order: FirstOrder): Ranked[] {
    const top = new Top(most);
    const gainOf = (unit: Unit, { id }: TypedToken) => {
      if (this.kind === 'insert') return order.insert(unit.first, id);
      return order.replace(unit.first, unit.end, [id]);
    };
    for (const [place, unit] of this.#units.entries()) {
      for (const [index, token] of this.#tokens.entries()) {
        if (this.#fits(place, token)) top.add(gainOf(unit, token), place * this.#tokens.length + index);
      }
    }
    return top.sorted().map(({ value, item }) => ({
      edit: this.#edit(Math.floor(item / this.#tokens.length), this.#tokens[item % this.#tokens.length]!),
      gain: value,
    }));
  }

  /** Every token once before any of them in another place: a rare one that matters anywhere is met early. */
  *drawn(uniform: () => number): Generator<NewEdit> {
    const tokens = shuffled([...this.#tokens], uniform);
    const places = this.#units.length;
    const begun = tokens.map(() => Math.floor(uniform() * places));
    for (let round = 0; round < places; round++) {
      for (const [index, token] of tokens.entries()) {
        const place = (begun[index]! + round) % places;
        if (this.#fits(place, token)) yield this.#edit(place, token);
      }
    }
  }

  #fits(place: number, token: TypedToken): boolean {
    const isOther = this.kind === 'insert' || token.text !== this.#units[place]!.text;
    return isOther && this.#looks[place] === this.#alike(token);
  }

  #edit(place: number, token: TypedToken): NewEdit {
    const { start, end } = this.#units[place]!.range;
    return { kind: this.kind, start, end: this.kind === 'insert' ? start : end, new: token.text };
  }

  #count(): number {
    const byLook = Map.groupBy(this.#tokens, this.#alike);
    const own = new Map(this.#tokens.map((token) => [token.text, this.#alike(token)]));
    return this.#units.reduce((sum, { text }, place) => {
      const look = this.#looks[place]!;
      const isListed = this.kind === 'substitute' && own.has(text) && own.get(text) === look;
      return sum + (byLook.get(look)?.length ?? 0) - Number(isListed);
    }, 0);
  }
}
