/** Edits of a text that change what the model says. */
import * as v from 'valibot';
import { editKinds } from '../edits.ts';
import { count, textRange } from './common.ts';
import { receipt } from './receipt.ts';
import { alternative, probableToken } from './tokens.ts';

const number = v.number();
const kind = v.picklist(editKinds);

/** An edit of the request's text: `text.slice(start, end)` is `old`, and `new` takes its place. */
export const textEdit = v.object({
  kind,
  ...textRange.entries,
  old: v.string(),
  new: v.string(),
});
export type TextEdit = v.InferOutput<typeof textEdit>;

/** What the model says after a text. */
export const said = v.object({
  /** The most probable first. */
  next: v.array(alternative),
  /** The token that the goal is about. */
  token: v.object({ ...probableToken.entries, rank: count }),
});
export type Said = v.InferOutput<typeof said>;

/** What a search was asked for; the token of its goal by its id. */
const searched = {
  at: count,
  /** The UTF-16 range that may be edited, but for `keep`. */
  range: textRange,
  keep: v.array(textRange),
  goal: v.variant('kind', [
    v.object({ kind: v.picklist(['any', 'to']), token: count }),
    v.object({ kind: v.literal('below'), token: count, rank: count }),
  ]),
  kinds: v.array(kind),
  wordsOnly: v.boolean(),
  sameForm: v.boolean(),
  /** The most evaluations. */
  budget: count,
  seed: count,
};

/** The best so far of a search. */
export const partialFlip = v.object({
  /** Whether the goal is reached, as a forward pass on the edited text says. */
  found: v.boolean(),
  /** The whole text with the edits; if the goal was not reached, the text that came closest. */
  text: v.string(),
  /** In the order of the text; no two overlap or touch each other. */
  edits: v.array(textEdit),
  before: said,
  after: said,
  /** Edited texts that were read, and gradients. */
  evaluations: count,
});
export type PartialFlip = v.InferOutput<typeof partialFlip>;

/** With any one of the edits undone the goal is not reached. */
export const flipped = v.object({
  receipt: v.object({
    ...receipt.entries,
    ...searched,
    maxEdits: count,
    maxDistance: v.nullable(count),
    perplexityRatio: v.nullable(number),
  }),
  ...partialFlip.entries,
  /** Characters that are put in, left out or replaced, in all (Levenshtein). */
  distance: count,
  /** After how many evaluations the goal was first reached; what came after looked for less. Null: it was not. */
  reachedAfter: v.nullable(count),
  /** Perplexity of the edited text over that of the text, on what is read but the first token; null without edits. */
  perplexityRatio: v.nullable(number),
  /** Whether what follows the first edit is less expected than 99 % of such stretches of the text itself; null without edits. */
  unusual: v.nullable(v.boolean()),
});
export type Flipped = v.InferOutput<typeof flipped>;

/** How single edits of one kind fare. */
const kindTried = v.object({
  kind,
  /** How many edits of this kind there are. */
  total: count,
  /** Whether all of them were tried that can be read and make another text. */
  all: v.boolean(),
  /** Drawn at random, or all of them, and how many of these reach the goal. */
  drawn: v.object({ tried: count, reached: count }),
  /** Those that the gradient speaks for most strongly, besides. */
  guided: v.object({ tried: count, reached: count }),
});
export type KindTried = v.InferOutput<typeof kindTried>;

/** A single edit that was tried. */
const triedEdit = v.object({
  edit: textEdit,
  /** The most probable token after it, and the goal's token there. */
  says: probableToken,
  token: v.object({ probability: number, rank: count }),
});
export type TriedEdit = v.InferOutput<typeof triedEdit>;

/** An adversarial test of a text by single edits. */
export const adversarial = v.object({
  receipt: v.object({ ...receipt.entries, ...searched }),
  before: said,
  kinds: v.array(kindTried),
  /** Of the edits that reach the goal those that do so by most, at most as many as were asked for. */
  worst: v.array(triedEdit),
  evaluations: count,
});
export type Adversarial = v.InferOutput<typeof adversarial>;

/** How far a test has come. */
export type PartialAdversarial = Omit<Adversarial, 'receipt'>;
