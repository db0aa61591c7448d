/** Where edits come from: of one kind, all that the constraints allow of a text. */
import type { EditKind } from '../../protocol/edits.ts';
import type { NewEdit } from './edits.ts';
import type { FirstOrder } from './firstOrder.ts';

export interface Ranked {
  edit: NewEdit;
  /** By how much it brings the goal nearer, to first order, in logits. */
  gain: number;
}

export interface EditSource {
  readonly kind: EditKind;
  /** How many edits there are. */
  readonly total: number;
  /** Those that promise most, best first. */
  best(most: number, order: FirstOrder): Ranked[];
  /** All of them, each once, in random order. */
  drawn(uniform: () => number): Generator<NewEdit>;
}

/** In random order, in place (Fisher–Yates). */
export function shuffled<T>(items: T[], uniform: () => number): T[] {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(uniform() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}
