import { isSigned } from '../../protocol/methods.ts';
import type { ExplainedTokens } from '../../protocol/results.ts';
import type { Telling } from './telling.ts';

/** Which prediction is explained, and what for and against means in it. */

/** Of a target or a foil: its name and how probable it is. */
type Choice = NonNullable<ExplainedTokens['foil']> | ExplainedTokens['target'];

export type Prediction = Pick<ExplainedTokens, 'target' | 'foil'>;

export function title({ target, foil }: Prediction, telling: Telling): string {
  const { say } = telling;
  const [wanted, chance] = named(target, telling);
  if (!foil) return say('Why {0} ({1})?', wanted, chance);
  return say('Why {0} ({1}) and not {2} ({3})?', wanted, chance, ...named(foil, telling));
}

/** The title, where the reader does not see for which token of the text it asks: `position` as in the target. */
export function titleWithPlace({ target, foil }: Prediction, telling: Telling): string {
  const { say } = telling;
  const [wanted, chance] = named(target, telling);
  if (!foil) return say('Why {0} ({1}) as token {2}?', wanted, chance, target.position);
  const other = named(foil, telling);
  return say('Why {0} ({1}) as token {2} and not {3} ({4})?', wanted, chance, target.position, ...other);
}

/** Quiet text beside the explained part: what is predicted and, where that is known, what was before the latest edit. */
export function prediction(
  { target, foil }: Prediction,
  previous: Prediction | null,
  telling: Telling,
): string {
  const { say } = telling;
  const [wanted, chance] = named(target, telling);
  const now = foil
    ? say('⟶ {0} ({1}), not {2} ({3})', wanted, chance, ...named(foil, telling))
    : say('⟶ {0} ({1})', wanted, chance);
  return previous ? say('{0}; before: {1} ({2})', now, ...named(previous.target, telling)) : now;
}

/** Above this, a ratio only says that it is very large. */
const largestRatio = 1_000_000;
/** Below this it would be told as "about 1 times". */
const equalBelow = 1.05;

/** How many times as probable as the foil the target is, or the foil as the target. */
export function comparison({ target, foil }: Prediction, telling: Telling): string {
  const { say, numbers } = telling;
  const [wanted, chance] = named(target, telling);
  const ratio = foil ? target.probability / foil.probability : Number.NaN;
  // Without a foil, or where both have a probability of 0.
  if (!foil || Number.isNaN(ratio)) return say('{0} has a probability of {1}.', wanted, chance);
  const [other] = named(foil, telling);
  const [more, less, times] = ratio >= 1 ? [wanted, other, ratio] : [other, wanted, 1 / ratio];
  return times > largestRatio
    ? say('{0} is more than a million times as probable as {1}.', more, less)
    : times < equalBelow
      ? say('{0} is about as probable as {1}.', more, less)
      : say('{0} is about {1} times as probable as {2}.', more, numbers.rough(times), less);
}

/** What a positive and a negative contribution did; null where the method's scores have no sign. */
export function sides(
  explained: Prediction & Pick<ExplainedTokens, 'receipt'>,
  { say, quote }: Telling,
): { for: string; against: string } | null {
  const { receipt, target, foil } = explained;
  if (!isSigned(receipt.method)) return null;
  return {
    for: say('spoke for {0}', quote(target)),
    against: foil ? say('spoke for {0}', quote(foil)) : say('spoke against {0}', quote(target)),
  };
}

function named(choice: Choice, { numbers, quote }: Telling): [token: string, chance: string] {
  return [quote(choice), numbers.percent(choice.probability)];
}
