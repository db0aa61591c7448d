/** What an adversarial test found, as data to train or test a model with. */
import type { Adversarial } from '../protocol/results.ts';

/** A text, and one edited so that the model says something else after it. */
export interface AdversarialPair {
  text: string;
  edited: string;
  kind: string;
  start: number;
  end: number;
  old: string;
  new: string;
  /** The most probable tokens, and how probable each is. */
  before: { token: string; probability: number };
  after: { token: string; probability: number };
  /** SHA-256 of the weights. */
  model: string;
}

type Found = Pick<Adversarial, 'before' | 'worst'> & {
  receipt: { model: { sha256: string } };
};

export function adversarialPairs(text: string, { receipt, before, worst }: Found): AdversarialPair[] {
  const [first] = before.next;
  return worst.map(({ edit, says }) => ({
    text,
    edited: text.slice(0, edit.start) + edit.new + text.slice(edit.end),
    ...edit,
    before: { token: first?.text ?? '', probability: first?.probability ?? 0 },
    after: { token: says.text, probability: says.probability },
    model: receipt.model.sha256,
  }));
}

/** One JSON object in each line. */
export const asJsonLines = (pairs: readonly AdversarialPair[]) =>
  pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('');
