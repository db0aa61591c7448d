/**
 * Draws other tokens in place of the removed ones: each from the model's distribution after all that comes before it,
 * earlier draws included, at temperature 1 from the whole vocabulary. So up to there the text stays one that the model
 * might have written, and nothing of the removed tokens is left (the generative perturbations of Harbecke & Alt 2020,
 * and the conditional expectation given the left context).
 *
 * Sample s draws the token at place i with the i-th number of a generator that depends on nothing but the seed and s.
 * So the same set always gets the same texts, and similar sets get similar texts. The samples of one set are
 * independent, so their spread gives the mean's standard error.
 */

import { refillSamples } from '../../../protocol/methods.ts';
import type { TokenSet } from '../../attribution/method.ts';
import { randomNumbers, sample } from '../../generation/sampling.ts';
import { distributionAt } from '../../gpt2/distribution.ts';
import { Sequence } from '../../gpt2/sequence.ts';
import { type EditedText, embeddingsOf } from '../editedText.ts';
import type { Operator, Subject } from './operator.ts';

const wholeVocabulary = { temperature: 1, topK: 0, topP: 1 } as const;

export function refillTokens(subject: Subject, seed: number): Operator {
  const numbers = uniformNumbers(seed, refillSamples, subject.domain.count);
  return async (sets) => {
    const { sequence, run } = subject;
    const read = [...sequence.ids];
    const texts = new Array<EditedText[]>(sets.length);
    // From the last place to the first, so that the text before the next place is always as it was read.
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
    await restore(sequence, read, run);
    return texts;
  };
}

/** Embeddings of what sample number `sample` has in place of all explained tokens, `[count, C]`. */
export async function refilledRows(subject: Subject, sample: number, seed: number): Promise<Float32Array> {
  const { model, sequence, run, text, first, domain } = subject;
  if (text.hidden?.length) throw new TypeError('refill is not defined for a text with hidden tokens');
  const read = [...sequence.ids];
  const all = Array.from({ length: domain.count }, (_, token) => token);
  const uniform = uniformNumbers(seed, sample + 1, domain.count)[sample] as number[];
  const start = await logitsBefore(subject, text.ids, 0);
  const { ids } = await refill(subject, all, start, uniform);
  await restore(sequence, read, run);
  return embeddingsOf(model, ids.slice(first, first + domain.count));
}

/** Reads again what f relies on. */
async function restore(sequence: Sequence, read: readonly number[], run: Subject['run']): Promise<void> {
  sequence.resume(read, read.length);
  await sequence.read(read.slice(sequence.length), run);
}

/** `[sample][place]`, in [0, 1): the same seed, the same numbers. */
export function uniformNumbers(seed: number, samples: number, places: number): number[][] {
  // The generator takes 32 bits, but a seed has up to 53.
  const own = mixed(mixed(seed) + Math.floor(seed / 2 ** 32));
  return Array.from({ length: samples }, (_, sample) => {
    const random = randomNumbers(mixed(own + sample), 0);
    return Array.from({ length: places }, random);
  });
}

/**
 * Spreads nearby numbers over 32 bits (the end of MurmurHash3): generators with nearby seeds give numbers that depend
 * on each other, and the spread of the samples would then be a wrong standard error.
 */
function mixed(number: number): number {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * @param start the logits at the place of the set's first token, before which nothing changes
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

/** The logits at the place of an explained token, `[V]`; after `<|endoftext|>` if nothing comes before it. */
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
