/**
 * Other tokens in their places, drawn from the model: each from its distribution after all that stands before it there,
 * what was drawn included, at temperature 1 from the whole vocabulary. So the text stays one that the model might have
 * written up to there, while nothing is left of what was removed (the generative perturbations of Harbecke & Alt 2020,
 * and the conditional expectation given the left context).
 *
 * Sample s draws the token at place i with the i-th number of a generator of its own, which
 * hangs on the seed and s, whatever else is removed: the same
 * set always has the same texts, and sets that have much in common differ by little but what they differ in. Over the
 * samples of one set the numbers are independent, so their spread gives the mean's standard error.
 */

import { refillSamples } from '../../../protocol/methods.ts';
import type { TokenSet } from '../../attribution/method.ts';
import { randomNumbers, sample } from '../../generation/sampling.ts';
import { distributionAt } from '../../gpt2/distribution.ts';
import { Sequence } from '../../gpt2/sequence.ts';
import type { EditedText } from '../editedText.ts';
import type { Operator, Subject } from './operator.ts';

const wholeVocabulary = { temperature: 1, topK: 0, topP: 1 } as const;

export function refillTokens(subject: Subject, seed: number): Operator {
  const numbers = uniformNumbers(seed, refillSamples, subject.domain.count);
  return async (sets) => {
    const { sequence, run } = subject;
    const read = [...sequence.ids];
    const texts = new Array<EditedText[]>(sets.length);
    // From the last place to the first: so what stands before the next one is always as it was read.
    const backwards = sets.map((set, index) => ({ set, index })).sort((a, b) => b.set[0]! - a.set[0]!);
    let start: { token: number; logits: Float32Array } = { token: -1, logits: new Float32Array(0) };
    for (const { set, index } of backwards) {
      const [token] = set as [number];
      if (start.token !== token)
        start = { token, logits: await logitsBefore(subject, subject.text.ids, token) };
      const drawn: EditedText[] = [];
      for (const uniform of numbers) drawn.push(await refill(subject, set, start.logits, uniform));
      texts[index] = drawn;
    }
    // As it was found: f counts on what was read.
    sequence.resume(read, read.length);
    await sequence.read(read.slice(sequence.length), run);
    return texts;
  };
}

/** `[sample][place]`, in [0, 1): the same seed, the same numbers. */
export function uniformNumbers(seed: number, samples: number, places: number): number[][] {
  // The generator takes 32 bits, a seed has up to 53.
  const own = mixed(mixed(seed) + Math.floor(seed / 2 ** 32));
  return Array.from({ length: samples }, (_, sample) => {
    const random = randomNumbers(mixed(own + sample), 0);
    return Array.from({ length: places }, random);
  });
}

/**
 * 32 bits that have nothing in common for numbers that are near each other (the end of MurmurHash3): generators whose
 * seeds differ by little go on to give numbers that depend on each other, and the samples' spread would tell a wrong error.
 */
function mixed(number: number): number {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * @param start the logits in the place of the set's first token: nothing before it changes
 * @param uniform for each explained token the number that it is drawn with, in [0, 1)
 */
async function refill(
  subject: Subject,
  set: TokenSet,
  start: Float32Array,
  uniform: readonly number[],
): Promise<EditedText> {
  const ids = [...subject.text.ids];
  for (const [place, token] of set.entries()) {
    const logits = place === 0 ? start : await logitsBefore(subject, ids, token);
    ids[subject.first + token] = sample(logits, wholeVocabulary, () => uniform[token] as number);
  }
  return { ids };
}

/** What the model expects in the place of an explained token, `[V]`; where nothing stands before it, after `<|endoftext|>`. */
async function logitsBefore(
  { model, sequence, first, run }: Subject,
  ids: readonly number[],
  token: number,
): Promise<Float32Array> {
  const before = ids.slice(0, first + token);
  const reader = before.length > 0 ? sequence : new Sequence(model);
  const read = before.length > 0 ? before : [model.tokenizer.endOfText];
  reader.resume(read, read.length - 1);
  const residual = await reader.read(read.slice(reader.length), run);
  return (await distributionAt(model, residual.subarray(-model.config.width), 1, run)).logits;
}
