import type { Removal } from '../../protocol/methods.ts';
import type { PartialEvidence, PartialExplanation, RemovalEvidence } from '../../protocol/results.ts';
import { removedName } from './names.ts';
import { hasConverged } from './sums.ts';
import type { Telling } from './telling.ts';

/** How far an explanation can be believed on its own text, in one sentence that is never kinder than the numbers. */

/** In how many of the ways of removing tokens the scores predict more than chance does. */
export type Belief = 'borne-out' | 'in-part' | 'not-borne-out' | 'not-converged';

/** Null where nothing can be told. */
export function beliefOf(
  explanation: PartialExplanation,
  { removals }: Pick<PartialEvidence, 'removals'>,
): Belief | null {
  if (hasConverged(explanation) === false) return 'not-converged';
  if (removals.length === 0 || removals.some(({ lds }) => lds === null)) return null;
  const borneOut = removals.filter(isBorneOut).length;
  if (borneOut === removals.length) return 'borne-out';
  return borneOut > 0 ? 'in-part' : 'not-borne-out';
}

/** Of a function that removing tokens does not change nothing is borne out. */
function isBorneOut({ lds }: RemovalEvidence): boolean {
  return lds !== null && lds.value !== null && lds.chance !== null && lds.value > lds.chance;
}

export function beliefText(
  explanation: PartialExplanation,
  evidence: Pick<PartialEvidence, 'removals'>,
  telling: Telling,
): string | null {
  const { say } = telling;
  const belief = beliefOf(explanation, evidence);
  if (belief === null) return null;
  if (belief === 'not-converged') return say('Do not believe this one: it did not converge.');
  const told = evidence.removals.map((one) => ldsText(one, telling)).join('; ');
  return {
    'borne-out': say(
      'Borne out on this text: the contributions predict what tokens do when they are removed ({0}).',
      told,
    ),
    'in-part': say('Borne out only in part: it depends on how tokens are removed ({0}).', told),
    'not-borne-out': say('Do not believe this one: removing tokens does not bear it out ({0}).', told),
  }[belief];
}

/** The same in a few words, where there is little room; null where nothing can be told. */
export function beliefInShort(
  explanation: PartialExplanation,
  evidence: Pick<PartialEvidence, 'removals'>,
  { say }: Pick<Telling, 'say'>,
): string | null {
  const belief = beliefOf(explanation, evidence);
  if (belief === null) return null;
  return {
    'borne-out': say('Removing tokens bears this explanation out.'),
    'in-part': say('Removing tokens bears this explanation out only in part.'),
    'not-borne-out': say('Do not believe this explanation: removing tokens does not bear it out.'),
    'not-converged': say('Do not believe this one: it did not converge.'),
  }[belief];
}

function ldsText({ removal, lds }: RemovalEvidence, telling: Telling): string {
  const { say, numbers } = telling;
  const shown = (value: number | null) => (value === null ? '–' : numbers.short(value));
  return say(
    '{0}: LDS {1}, by chance below {2}',
    removalText(removal, telling),
    shown(lds?.value ?? null),
    shown(lds?.chance ?? null),
  );
}

function removalText(removal: Removal, telling: Telling): string {
  return removal === 'baseline' ? telling.say('replaced by the baseline') : removedName(removal, telling);
}
