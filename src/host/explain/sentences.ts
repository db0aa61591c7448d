import { env, l10n } from 'vscode';
import type { AttributionMethodId, MethodOptionName } from '../../protocol/methods.ts';
import type { Baseline, ExplainedTokens, Objective, PartialExplanation } from '../../protocol/results.ts';
import { Numbers } from '../../text/numbers.ts';
import { tokenName } from '../../text/pieceNames.ts';
import { quoted } from '../../text/visible.ts';
import type { ExplainedText } from './explainedText.ts';

/** What an explanation says in words, in the language of the editor. Plain text: whoever shows it escapes it. */

const numbers = new Numbers(env.language);

export function title({ target, foil }: ExplainedTokens): string {
  const wanted = quoted(tokenName(target));
  const chance = numbers.percent(target.probability);
  if (!foil) return l10n.t('Why {0} ({1})?', wanted, chance);
  return l10n.t(
    'Why {0} ({1}) and not {2} ({3})?',
    wanted,
    chance,
    quoted(tokenName(foil)),
    numbers.percent(foil.probability),
  );
}

/** The title, with what a person must know at once: that not all of the selection is explained. */
export function headline({ explanation, isTail }: ExplainedText): string {
  if (!explanation) return '';
  if (!isTail) return title(explanation);
  return l10n.t('{0} (last {1} tokens)', title(explanation), numbers.count(explanation.tokens.length));
}

/** Instead of an explanation. */
export function nothingYet(): string {
  return l10n.t(
    'Nothing is explained yet. Select some text in an editor and run “Whytoken: Explain Selection”.',
  );
}

/** The prediction as quiet text beside the explained part, with what it was before the latest edit. */
export function predictionText({ explanation, previous }: ExplainedText): string {
  if (!explanation) return '';
  const { target, foil } = explanation;
  const wanted = quoted(tokenName(target));
  const chance = numbers.percent(target.probability);
  const now = foil
    ? l10n.t(
        '⟶ {0} ({1}), not {2} ({3})',
        wanted,
        chance,
        quoted(tokenName(foil)),
        numbers.percent(foil.probability),
      )
    : l10n.t('⟶ {0} ({1})', wanted, chance);
  if (!previous) return now;
  const before = previous.target;
  return l10n.t(
    '{0}; before: {1} ({2})',
    now,
    quoted(tokenName(before)),
    numbers.percent(before.probability),
  );
}

/** Beyond it, how often tells no more than that it is very often. */
const mostTimes = 1_000_000;

/** How much more probable the target is than the foil, in words. */
export function comparison({ target, foil }: ExplainedTokens): string {
  const [wanted, chance] = [quoted(tokenName(target)), numbers.percent(target.probability)];
  if (!foil) return l10n.t('{0} has a probability of {1}.', wanted, chance);
  const ratio = target.probability / foil.probability;
  const other = quoted(tokenName(foil));
  if (Number.isNaN(ratio)) return l10n.t('{0} has a probability of {1}.', wanted, chance);
  if (ratio > mostTimes) return l10n.t('{0} is more than a million times as probable as {1}.', wanted, other);
  if (1 / ratio > mostTimes)
    return l10n.t('{0} is more than a million times as probable as {1}.', other, wanted);
  return ratio >= 1
    ? l10n.t('{0} is {1} times as probable as {2}.', wanted, numbers.value(ratio), other)
    : l10n.t('{0} is {1} times as probable as {2}.', other, numbers.value(1 / ratio), wanted);
}

/** What a person should know about how the explained text was chosen and read. */
export function remarks({
  explanation,
  choice,
  contextChanged,
  isTail,
  question,
  snapshot,
}: ExplainedText): string[] {
  const said: string[] = [];
  if (choice.kind === 'line') {
    said.push(l10n.t('Nothing was selected: the line or paragraph up to the cursor is explained.'));
  }
  if (choice.kind === 'token') {
    said.push(l10n.t('The lines up to the token are explained.'));
  }
  if (choice.selections > 1 && choice.kind !== 'token') {
    said.push(
      l10n.t('Of {0} selections, the first one made is explained.', numbers.count(choice.selections)),
    );
  }
  if (isTail) {
    const count = numbers.count(explanation?.tokens.length ?? 0);
    said.push(
      l10n.t('The selection is too long for the model: only its last {0} tokens are explained.', count),
    );
  }
  // A tab is a token of its own.
  if (question.at === null && snapshot.text.endsWith(' ')) {
    said.push(
      l10n.t(
        'The text ends in a space, which usually belongs to the next token: without it the prediction may be another.',
      ),
    );
  }
  if (explanation?.refining) said.push(l10n.t('This is a first answer, not refined yet.'));
  const dropped = explanation?.receipt.droppedTokens ?? 0;
  if (dropped > 0 && !isTail) {
    said.push(l10n.t('{0} tokens in front did not fit into the model’s context.', numbers.count(dropped)));
  }
  if (explanation && explanation.value !== null && explanation.delta === null)
    said.push(l10n.t('This method’s scores do not claim to sum up.'));
  if (contextChanged) {
    said.push(l10n.t('The text in front has been edited since; this is the answer for the text as it was.'));
  }
  return said;
}

/** δ, and what share it is of the difference that is explained; a dash where there is none, or none yet. */
export function deltaText({ delta, value, baselineValue }: PartialExplanation): string {
  if (delta === null) return '–';
  const difference = Math.abs(value - baselineValue);
  const amount = numbers.signed(delta);
  return difference > 0 ? `${amount} (${numbers.percent(Math.abs(delta) / difference)})` : amount;
}

export function methodName(method: AttributionMethodId): string {
  return {
    'gradient-norm': l10n.t('gradient norm'),
    'input-x-gradient': l10n.t('input × gradient'),
    'integrated-gradients': l10n.t('integrated gradients'),
    occlusion: l10n.t('occlusion'),
    'direct-logit': l10n.t('direct logit attribution'),
    'smoothgrad:gradient-norm': l10n.t('SmoothGrad of the gradient norm'),
    'smoothgrad:input-x-gradient': l10n.t('SmoothGrad of input × gradient'),
    'smoothgrad:integrated-gradients': l10n.t('SmoothGrad of integrated gradients'),
  }[method];
}

export function optionName(option: MethodOptionName): string {
  return {
    steps: l10n.t('Steps'),
    tolerance: l10n.t('Tolerance'),
    removal: l10n.t('Removal'),
    samples: l10n.t('Samples'),
    sigma: l10n.t('Noise, of the embeddings’ root mean square'),
    seed: l10n.t('Seed'),
  }[option];
}

export function objectiveName(objective: Objective): string {
  return {
    contrast: l10n.t('logit of the target − logit of the foil'),
    logit: l10n.t('logit of the target'),
    'log-prob': l10n.t('log-probability of the target'),
    probability: l10n.t('probability of the target'),
  }[objective];
}

export function baselineName(baseline: Baseline): string {
  return {
    zero: l10n.t('zero embeddings'),
    mean: l10n.t('the mean embedding'),
    eot: l10n.t('the embedding of <|endoftext|>'),
  }[baseline];
}
