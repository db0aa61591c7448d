/** What heads do whatever the text says, measured on random, meaningless tokens. */
import type { HeadPatternParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { HeadPatterns } from '../../protocol/results.ts';
import { randomNumbers } from '../generation/sampling.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { type PatternSlice, patternSlices } from '../gpt2/patterns.ts';
import { readStreams } from '../gpt2/streams.ts';
import type { Run } from '../run.ts';
import { all } from './indices.ts';

export type PatternScores = Pick<HeadPatterns, 'previous' | 'duplicate' | 'induction' | 'first'>;

/** @throws EngineError `option-invalid` if the context is too short for two tokens and a copy of them */
export async function headPatterns(
  model: Gpt2,
  { seed, length: wanted, sequences }: HeadPatternParams,
  run: Run<Progress>,
): Promise<HeadPatterns> {
  const { layers, heads, contextLength } = model.config;
  const most = Math.floor(contextLength / 2);
  if (most < 2) {
    throw new EngineError('option-invalid', { option: 'length', value: wanted, expected: `2 … ${most}` });
  }
  const length = Math.min(wanted, most);
  const copies = all(sequences).map((sequence) => randomIds(model, length, seed, sequence));
  return {
    model: { name: model.checkpoint.name, sha256: await model.checkpoint.fingerprint.of(run) },
    ...{ seed, length, sequences, layers, heads },
    ...(await patternScores(model, copies, run)),
  };
}

/** Ids drawn uniformly from the vocabulary without `<|endoftext|>`. */
export function randomIds(
  { config, tokenizer }: Pick<Gpt2, 'config' | 'tokenizer'>,
  length: number,
  seed: number,
  sequence: number,
): number[] {
  const random = randomNumbers(seed, sequence);
  return Array.from({ length }, () => {
    const id = Math.floor(random() * (config.vocabularySize - 1));
    return id < tokenizer.endOfText ? id : id + 1;
  });
}

/**
 * The scores of every head, as means over the second copies in all sequences. @param copies the repeated part of each
 * sequence
 */
export async function patternScores(
  model: Gpt2,
  copies: readonly (readonly number[])[],
  run: Run<Progress>,
): Promise<PatternScores> {
  const { layers, heads } = model.config;
  const zeros = () => new Float32Array(layers * heads);
  const scores = { previous: zeros(), duplicate: zeros(), induction: zeros(), first: zeros() };
  const tokens = copies.reduce((sum, { length }) => sum + length, 0);
  for (const [done, copy] of copies.entries()) {
    run.report({ stage: 'reading', done, total: copies.length });
    const streams = await readStreams(model, [...copy, ...copy], run);
    for (const layer of all(layers)) {
      const question = { layer, heads: all(heads), of: 'each', firstQuery: copy.length } as const;
      for await (const slice of patternSlices(model, streams, question, run)) {
        for (const [place, head] of slice.heads.entries()) {
          addScores(scores, layer * heads + head, slice, place, copy.length, 1 / tokens);
        }
      }
    }
  }
  return scores;
}

/**
 * Adds the attention weights of one head's queries in a slice, times `factor`. @param at the head's index in the scores
 */
function addScores(
  scores: PatternScores,
  at: number,
  { firstQuery, queries, keys, weights }: PatternSlice,
  place: number,
  length: number,
  factor: number,
): void {
  for (let row = 0; row < queries; row++) {
    const query = firstQuery + row;
    const seen = {
      previous: query - 1,
      duplicate: query - length,
      induction: query - length + 1,
      first: 0,
    } satisfies Record<keyof PatternScores, number>;
    for (const [name, key] of Object.entries(seen) as [keyof PatternScores, number][]) {
      scores[name][at] = scores[name][at]! + factor * weights[(place * queries + row) * keys + key]!;
    }
  }
}
