import type { PartialExplanation, Receipt } from '../../protocol/results.ts';
import { cautionOn } from './cautions.ts';
import { objectiveName } from './names.ts';
import { deltaText, hasConverged, needNotSumUp, samplingError } from './sums.ts';
import type { Telling } from './telling.ts';

/** How the explained text was chosen and read, where a person should know of it. */
export interface Circumstances {
  /** `line`: nothing was selected; `token`: a token of the text was asked about. */
  kind?: 'selection' | 'line' | 'token' | 'live';
  /** How many selections there were; only the first one made is explained. */
  selections?: number;
  /** White space at the end was left out of the question. */
  isTrimmed?: boolean;
  /** The explained part begins later than asked for, because not all of it fits into the context. */
  isTail?: boolean;
  /** The prediction comes right after a space. */
  endsInSpace?: boolean;
  /** The text in front of the explained part is no longer the one that was read. */
  contextChanged?: boolean;
}

/** What a person should know before they trust an explanation. */
export function remarks(
  explanation: PartialExplanation | null,
  { kind, selections = 1, isTrimmed, isTail, endsInSpace, contextChanged }: Circumstances,
  telling: Telling,
): string[] {
  const { say, numbers } = telling;
  const said: (string | false | null | undefined)[] = [
    kind === 'line' && say('Nothing was selected: the line or paragraph up to the cursor is explained.'),
    kind === 'token' && say('The lines up to the token are explained.'),
    kind !== 'token' &&
      selections > 1 &&
      say('There are {0} selections: only the one made first is explained.', numbers.count(selections)),
    isTrimmed &&
      say('White space at the end is left out: what is explained is the prediction after the last word.'),
    isTail &&
      say(
        'The selection is too long for the model: only its last {0} tokens are explained.',
        numbers.count(explanation?.tokens.length ?? 0),
      ),
    endsInSpace &&
      say(
        'The text ends in a space, which usually belongs to the next token: without the space the prediction may be different.',
      ),
    explanation?.refining && say('This is a first answer, not refined yet.'),
    explanation && !isTail && droppedText(explanation.receipt, telling),
    explanation?.uncontested && uncontested(explanation, telling),
    explanation && unequalLengths(explanation, telling),
    ...(explanation ? remarksOnMethod(explanation, telling) : []),
    contextChanged &&
      say('The text in front has been edited since; this answer is for the text before the edit.'),
  ];
  return said.filter((remark) => typeof remark === 'string');
}

/** What a person should know of the method and of how well it did here. */
export function remarksOnMethod(explanation: PartialExplanation, telling: Telling): string[] {
  const caution = cautionOn(explanation.receipt.method, telling);
  return [...(caution === null ? [] : [caution]), ...howItDid(explanation, telling)];
}

function howItDid(explanation: PartialExplanation, telling: Telling): string[] {
  const told = explanation.refining || !explanation.fit ? [] : [fitText(explanation.fit, telling)];
  if (explanation.value !== null && explanation.delta === null)
    return [needNotSumUp(telling), ...remarksOnPath(explanation, telling), ...told];
  const { receipt } = explanation;
  return 'tolerance' in receipt && hasConverged(explanation) === false
    ? [notConverged(explanation, receipt.tolerance, telling), ...told]
    : told;
}

/** How far the contributions, added up, can be believed. */
function fitText({ measure, value, masks }: Fit, { say, numbers }: Telling): string {
  const over = numbers.count(masks);
  if (value === null)
    return say('The prediction is the same without any of the tokens: nothing could be fitted.');
  return measure === 'r2'
    ? say(
        'Added up, the contributions explain {0} of how the prediction varies over {1} texts without some of the tokens (R²).',
        numbers.percent(Math.max(0, value)),
        over,
      )
    : say(
        'Over {1} texts without some of the parts, the contributions of those that are left have a rank correlation of {0} with the model (LDS).',
        numbers.value(value),
        over,
      );
}

/** What a method gives that another one gives with less work. */
function remarksOnPath({ receipt }: PartialExplanation, { say }: Telling): string[] {
  if (receipt.method !== 'sequential-integrated-gradients') return [];
  return [
    say(
      'Each contribution is what f loses when this token’s embedding alone is replaced: occlusion by the baseline gives the same, with fewer evaluations.',
    ),
  ];
}

/** That the model did not read the beginning; null where it read all of the text. */
export function droppedText(
  { droppedTokens }: Pick<Receipt, 'droppedTokens'>,
  { say, numbers }: Pick<Telling, 'say' | 'numbers'>,
): string | null {
  if (droppedTokens === 0) return null;
  return say(
    '{0} tokens at the front did not fit into the context and were not read.',
    numbers.count(droppedTokens),
  );
}

type Fit = NonNullable<PartialExplanation['fit']>;

/** That there is no contrast, though one was asked for. */
function uncontested({ target, receipt }: PartialExplanation, telling: Telling): string {
  return telling.say(
    'No other token comes close enough to {0} to be its foil, so this is explained instead: {1}.',
    telling.quote(target),
    objectiveName(receipt.objective, telling),
  );
}

/** That a foil of several tokens is at a disadvantage: each token more makes a text less probable. */
function unequalLengths({ foil }: PartialExplanation, { say, numbers, quote }: Telling): string | null {
  const count = foil?.ids.length ?? 0;
  if (!foil || count < 2) return null;
  const lengths = say(
    'Uneven comparison, {0} tokens against 1: every further token makes a text less probable.',
    numbers.count(count),
  );
  if (foil.probability <= 0) return lengths;
  const each = numbers.percent(foil.probability ** (1 / count));
  return say('{0} Per token, {1} has {2} (geometric mean).', lengths, quote(foil), each);
}

function notConverged(explanation: PartialExplanation, tolerance: number, telling: Telling): string {
  const { say, numbers } = telling;
  const error = 'steps' in explanation.receipt ? null : samplingError(explanation.tokens);
  if (error !== null) {
    return say(
      'Not converged: after {0} evaluations the largest standard error is {1} of the largest contribution, above the tolerance of {2}.',
      ...[numbers.count(explanation.evaluations), numbers.percent(error), numbers.percent(tolerance)],
    );
  }
  return say(
    'Not converged: after {0} evaluations δ is {1}, above the tolerance of {2}.',
    numbers.count(explanation.evaluations),
    deltaText(explanation, telling),
    numbers.percent(tolerance),
  );
}
