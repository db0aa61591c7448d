import type { EditKind } from '../../protocol/edits.ts';
import type { NewEdit } from './edits.ts';
import type { FirstOrder } from './firstOrder.ts';
import { type EditSource, type Ranked, shuffled } from './source.ts';

/** Edits of which there are few enough to list them. */
export class ListedEdits implements EditSource {
  readonly kind: EditKind;
  readonly #edits: readonly NewEdit[];
  readonly #gainOf: (edit: NewEdit, order: FirstOrder) => number;

  constructor(
    kind: EditKind,
    edits: readonly NewEdit[],
    gainOf: (edit: NewEdit, order: FirstOrder) => number,
  ) {
    this.kind = kind;
    this.#edits = edits;
    this.#gainOf = gainOf;
  }

  get total(): number {
    return this.#edits.length;
  }

  best(most: number, order: FirstOrder): Ranked[] {
    return this.#edits
      .map((edit) => ({ edit, gain: this.#gainOf(edit, order) }))
      .sort((a, b) => b.gain - a.gain)
      .slice(0, most);
  }

  *drawn(uniform: () => number): Generator<NewEdit> {
    yield* shuffled([...this.#edits], uniform);
  }
}
