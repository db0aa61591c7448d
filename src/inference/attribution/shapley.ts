/**
 * Shapley values (Shapley 1953; Štrumbelj & Kononenko 2010; Lundberg & Lee 2017): what a token adds to f, as a mean over
 * all orders in which tokens can be added. What is not there yet is removed by the chosen operator. By enumeration, by
 * sampling orders, or by regression; the `owen` estimator only takes orders in which lines, and in them words, stay
 * together, which gives Owen values.
 *
 * Every estimate sums up to f(x) − f(x′), with f(x′) = f without all explained tokens. A sampled one stops as soon as
 * the largest standard error is within the tolerance, relative to the largest score, or the masks are spent.
 */
import { EngineError } from '../../protocol/errors.ts';
import { exactPlayers, masksByDefault, type OptionsOf } from '../../protocol/methods.ts';
import { shuffled } from './draws.ts';
import { Game, tokensAsPlayers } from './game.ts';
import type { AttributionMethod, Domain } from './method.ts';
import { uniformNumbers } from './noise.ts';
import { exactShapley } from './shapleyExact.ts';
import { kernelShapley } from './shapleyKernel.ts';
import { permutationShapley } from './shapleyPermutation.ts';

export const shapley: AttributionMethod<'shapley'> = async (f, options, refine) => {
  const game = new Game(f, tokensAsPlayers(f.count), options);
  const uniform = uniformNumbers(options.seed);
  const given = { ...options, masks: options.masks === 'auto' ? masksByDefault.shapley : options.masks };
  switch (estimatorFor(f.count, options.estimator)) {
    case 'exact': {
      const { values: _, ...result } = await exactShapley(game, refine);
      return result;
    }
    case 'kernel':
      return kernelShapley(game, uniform, given, refine);
    case 'owen':
      return permutationShapley(game, ordersInParts(f, uniform), given, refine);
    case 'permutation':
      return permutationShapley(game, () => shuffled(game.all, uniform), given, refine);
  }
};

type Estimator = OptionsOf<'shapley'>['estimator'];

/** @throws EngineError `option-invalid` where all coalitions are too many to be enumerated */
function estimatorFor(players: number, estimator: Estimator): Exclude<Estimator, 'auto'> {
  // There is only one order of a single player.
  if (players === 1) return 'exact';
  if (estimator === 'auto') return players <= exactPlayers.auto ? 'exact' : 'permutation';
  if (estimator !== 'exact' || players <= exactPlayers.most) return estimator;
  throw new EngineError('option-invalid', {
    option: 'estimator',
    value: `exact, ${players} tokens`,
    expected: `auto | permutation | kernel | owen; exact: 1 … ${exactPlayers.most} tokens`,
  });
}

/** Lines in random order, in each the words, in each the tokens. */
function ordersInParts({ count, parts }: Domain, uniform: () => number): () => number[] {
  const tokens = tokensAsPlayers(count).flat();
  const [lines, words] = [parts?.('lines'), parts?.('words')];
  const split = (some: readonly number[], of: readonly number[] | undefined): number[][] =>
    of ? [...Map.groupBy(some, (token) => of[token]).values()] : [[...some]];
  return () =>
    shuffled(split(tokens, lines), uniform).flatMap((line) =>
      shuffled(words ? split(line, words) : line.map((token) => [token]), uniform).flatMap((word) =>
        shuffled(word, uniform),
      ),
    );
}
