import { l10n } from 'vscode';
import type { ExplainParams, TokenChoice } from '../../protocol/engine.ts';
import { attributionMethods, chosenOptions, describeMethod, isSigned } from '../../protocol/methods.ts';
import { objectives } from '../../protocol/objectives.ts';
import type { Explanation } from '../../protocol/results.ts';
import { displayTokens } from '../../text/displayTokens.ts';
import { estimate } from '../../text/estimate.ts';
import { tokenName } from '../../text/pieceNames.ts';
import { chosenMethod, modelText as modelTextOf } from '../explain/request.ts';
import type { Settings } from '../settings.ts';
import { compose, droppedLine, literal, nextLine, numbers, type Row, receiptLine } from './answer.ts';
import { fields, type InputOf, integer, modelText, oneOf, optional, string } from './input.ts';
import type { Tool } from './tool.ts';

/** UTF-16 units of a target or foil: a foil may be several tokens long. */
const choiceUnits = 1_000;

const input = fields({
  text: modelText,
  target: optional(string(choiceUnits)),
  foil: optional(string(choiceUnits)),
  method: optional(oneOf(attributionMethods)),
  objective: optional(oneOf(objectives)),
  maxTokens: optional(integer(1, 50)),
});
type Input = InputOf<typeof input>;

/** Why does the model say this token after the text, and not that one? */
export const explainText: Tool<Input> = {
  name: 'whytoken_explain_text',
  input,
  doing: () => l10n.t('Explaining what GPT-2 predicts'),
  run: async (asked, { engine, settings, options }) => {
    const explanation = await engine.explain(params(asked, settings), options);
    return answer(asked.text, explanation, asked.maxTokens ?? 20);
  },
};

function params({ text, target, foil, method, ...asked }: Input, settings: Settings): ExplainParams {
  const objective = asked.objective ?? settings.get('objective', undefined);
  const unnamedFoil = { kind: objective === 'contrast' ? 'top' : 'none' } as const;
  return {
    ...modelTextOf(text, undefined, settings),
    range: { start: 0, end: text.length },
    at: { kind: 'end' },
    target: target ? choice(target) : { kind: 'top' },
    foil: foil ? choice(foil) : unnamedFoil,
    objective,
    baseline: settings.get('baseline', undefined),
    ...chosenMethod(undefined, settings, method ?? undefined),
  };
}

/** `#` and digits is an id, as on the command line; anything else a token's text. */
function choice(named: string): TokenChoice {
  const id = /^#(\d{1,9})$/.exec(named)?.[1];
  return id === undefined ? { kind: 'text', text: named } : { kind: 'id', id: Number(id) };
}

function answer(text: string, explanation: Explanation, most: number): string {
  const { receipt, target, foil } = explanation;
  const tokens = displayTokens(text, explanation.tokens, 0);
  const ranked = tokens.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score));
  const movement = tokens.reduce((sum, { score }) => sum + Math.abs(score), 0);
  const rows = ranked.slice(0, most).map(
    ({ text: shown, score, standardError, first }): Row => ({
      place: receipt.droppedTokens + first + 1,
      cells: [
        literal(shown),
        estimate(numbers, numbers.signed(score), standardError),
        numbers.percent(movement > 0 ? Math.abs(score) / movement : 0),
      ],
    }),
  );
  const wanted = `${literal(tokenName(target))} (${numbers.percent(target.probability)})`;
  const other = foil ? ` and not ${literal(tokenName(foil))} (${numbers.percent(foil.probability)})` : '';
  return compose({
    head: [`Why ${wanted}${other}?`, meaning(explanation), droppedLine(receipt)],
    columns: [
      { name: 'token', align: 'left' },
      { name: 'contribution', align: 'right' },
      { name: 'share', align: 'right' },
    ],
    rows,
    inReadingOrder: false,
    rest: (listed) => {
      const left = ranked.slice(listed);
      if (left.length === 0) return '';
      const sum = left.reduce((total, { score }) => total + score, 0);
      return `${numbers.count(left.length)} weaker tokens are left out; their contributions sum to ${numbers.signed(sum)}.`;
    },
    foot: [totals(explanation), nextLine(explanation.next.slice(0, 5)), receiptText(explanation)],
  });
}

/** What f is, and what a contribution's sign says. */
function meaning({ receipt, target, foil }: Explanation): string {
  const chosen = literal(tokenName(target));
  const f = {
    contrast: 'logit of the target − logit of the foil',
    logit: 'logit of the target',
    'log-prob': 'log-probability of the target',
    probability: 'probability of the target',
  }[receipt.objective];
  if (!isSigned(receipt.method)) {
    return `Explained is f = ${f}. A contribution tells how strongly f reacts to the token, not in which direction.`;
  }
  const against = foil ? `for ${literal(tokenName(foil))}` : `against ${chosen}`;
  return `Explained is f = ${f}. A token with a positive contribution spoke for ${chosen}, one with a negative contribution ${against}.`;
}

function totals({ receipt, tokens, value, baselineValue, delta }: Explanation): string {
  const ofText = `f(text) = ${numbers.value(value)}`;
  if (delta === null) return `${ofText}. The contributions of this method need not sum up to anything.`;
  const sum = numbers.signed(tokens.reduce((total, { score }) => total + score, 0));
  const difference = value - baselineValue;
  const from =
    describeMethod(receipt.method).baseline === 'none'
      ? 'f without what these tokens wrote directly'
      : 'f(baseline)';
  const part = difference === 0 ? '' : `, ${numbers.percent(Math.abs(delta / difference))} of it`;
  return [
    `${ofText}, ${from} = ${numbers.value(baselineValue)}, their difference ${numbers.signed(difference)}`,
    `sum of all contributions ${sum}`,
    `δ, the error of the sum, ${numbers.signed(delta)}${part}.`,
  ].join('; ');
}

function receiptText({ receipt, evaluations }: Explanation): string {
  const { method, objective, baseline } = receipt;
  const options = chosenOptions(receipt).map(([name, value]) => `, ${name} ${value}`);
  return receiptLine(
    receipt,
    `method ${method}, objective ${objective}, baseline ${baseline}${options.join('')} (${numbers.count(evaluations)} evaluations)`,
  );
}
