/** What the receipt says of a search. */
import type { SearchParams } from '../../protocol/engine.ts';
import type { Flipped } from '../../protocol/results.ts';
import type { ExplainedPrediction } from '../question/position.ts';
import type { Search } from './search.ts';

type Asked = Pick<
  Flipped['receipt'],
  'at' | 'range' | 'keep' | 'goal' | 'kinds' | 'wordsOnly' | 'sameForm' | 'budget' | 'seed'
>;

export function askedOf(
  { keep, kinds, wordsOnly, sameForm, budget, seed }: SearchParams,
  { goal }: Pick<Search, 'goal'>,
  { at, range }: ExplainedPrediction,
): Asked {
  return { at, range, keep: [...keep], goal, kinds: [...kinds], wordsOnly, sameForm, budget, seed };
}
