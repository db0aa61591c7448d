/** From an edited text to further edits of it that can be read. */
import type { TextEdit } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { EditableText, EditedReading } from './editableText.ts';
import { distanceOf, editedPlaces, growthOf, type NewEdit, withEdit } from './edits.ts';
import type { FirstOrder } from './firstOrder.ts';
import type { EditSource } from './source.ts';
import { sourcesOf, type Wanted } from './sources.ts';

export interface Constraints extends Wanted {
  /** Ranges of the text that stay. */
  keep: readonly { start: number; end: number }[];
  maxDistance: number | null;
}

/** An edited text that can be read. */
export interface Candidate {
  reading: EditedReading;
  edits: readonly TextEdit[];
  distance: number;
}

export class Candidates {
  readonly #model: Gpt2;
  readonly #text: EditableText;
  readonly #constraints: Constraints;
  /** The goal's token, which no edit puts into the text. */
  readonly #token: { id: number; text: string };
  /** Texts that were given out, by their ids. */
  readonly #seen = new Set<string>();

  constructor(model: Gpt2, text: EditableText, constraints: Constraints, token: number) {
    this.#model = model;
    this.#text = text;
    this.#constraints = constraints;
    this.#token = { id: token, text: bare(model.tokenizer.textOf(token)) };
    const unedited = text.read([]);
    if (unedited) this.#seen.add(unedited.ids.join());
  }

  sources(state: EditedReading): EditSource[] {
    const { edits, tokens, ids, first } = state;
    const text = this.#text.textWith(edits);
    const end = this.#text.end + growthOf(edits);
    const isFree = this.#freeIn(edits);
    const gainOf = (edit: NewEdit, order: FirstOrder) => {
      const reading = this.#text.read(withEdit(this.#text.text, edits, edit));
      return reading ? gainOfIds(ids, reading.ids, first, tokens.length, order) : Number.NEGATIVE_INFINITY;
    };
    return sourcesOf(this.#model.tokenizer, { text, tokens, end, isFree, gainOf }, this.#constraints);
  }

  /** Null for an edit that cannot be read, breaks a constraint, or makes a text that was given out before. */
  candidate(state: EditedReading, edit: NewEdit): Candidate | null {
    const edits = withEdit(this.#text.text, state.edits, edit);
    const distance = distanceOf(edits);
    const { maxDistance } = this.#constraints;
    if (maxDistance !== null && distance > maxDistance) return null;
    const reading = this.#text.read(edits);
    if (!reading) return null;
    const key = reading.ids.join();
    if (this.#seen.has(key) || this.#namesToken(reading)) return null;
    this.#seen.add(key);
    return { reading, edits, distance };
  }

  /** Whether an edit puts the goal's token into the text. */
  #namesToken({ tokens, edits }: EditedReading): boolean {
    const places = editedPlaces(edits);
    return tokens.some(({ id, start, end }) => {
      const isNew = places.some((place) => start < place.end && end > place.start);
      if (!isNew) return false;
      return (
        id === this.#token.id ||
        (this.#token.text !== '' && bare(this.#model.tokenizer.textOf(id)) === this.#token.text)
      );
    });
  }

  /** What is in the range, is not kept, and does not touch an earlier edit. */
  #freeIn(edits: readonly TextEdit[]): (start: number, end: number) => boolean {
    const { range } = this.#text;
    const growthBefore = (offset: number) => growthOf(edits.filter((edit) => edit.end <= offset));
    const kept = this.#constraints.keep.map(({ start, end }) => ({
      start: start + growthBefore(start),
      end: end + growthBefore(end),
    }));
    const edited = editedPlaces(edits);
    const most = range.end + growthOf(edits);
    return (start, end) => {
      if (start < range.start || end > most) return false;
      if (edited.some((place) => start <= place.end && end >= place.start)) return false;
      if (start === end) return !kept.some((place) => place.start < start && start < place.end);
      return !kept.some((place) => start < place.end && end > place.start);
    };
  }
}

const bare = (text: string) => (/[\p{L}\p{N}]/u.test(text) ? text.trim().toLowerCase() : '');

/** The tokens that differ, to first order. */
function gainOfIds(
  before: readonly number[],
  after: readonly number[],
  first: number,
  count: number,
  order: FirstOrder,
): number {
  const least = Math.min(before.length, after.length);
  let same = 0;
  while (same < least && before[same] === after[same]) same++;
  let tail = 0;
  while (tail < least - same && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const clip = (place: number) => Math.min(count, Math.max(0, place - first));
  return order.replace(clip(same), clip(before.length - tail), after.slice(same, after.length - tail));
}
