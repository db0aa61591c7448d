import { l10n } from 'vscode';
import type { ExplainParams, TokenChoice } from '../../protocol/engine.ts';
import { attributionMethods } from '../../protocol/methods.ts';
import { objectives } from '../../protocol/objectives.ts';
import type { Explanation } from '../../protocol/results.ts';
import { displayTokens } from '../../text/displayTokens.ts';
import { estimate } from '../../text/estimate.ts';
import { movementOf } from '../../text/level.ts';
import { objectiveName } from '../../text/telling/names.ts';
import { sides, title } from '../../text/telling/prediction.ts';
import { explainReceiptFacts } from '../../text/telling/receipt.ts';
import { remarks } from '../../text/telling/remarks.ts';
import { sumFacts, sumOf } from '../../text/telling/sums.ts';
import { shareText } from '../../text/telling/tokens.ts';
import { chosenMethod, modelText as modelTextOf } from '../explain/request.ts';
import type { Settings } from '../settings.ts';
import { compose, literal, nextLine, numbers, type Row, receiptLine, toModel } from './answer.ts';
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
  const unnamedFoil = { kind: objective === 'contrast' ? 'competitor' : 'none' } as const;
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
  const { receipt } = explanation;
  const tokens = displayTokens(text, explanation.tokens, 0, explanation.segments);
  const ranked = tokens.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score));
  const movement = movementOf(tokens);
  const endsInSpace = text.endsWith(' ');
  const sums = sumFacts(explanation, toModel);
  const rows = ranked.slice(0, most).map(
    ({ text: shown, score, standardError, first }): Row => ({
      place: receipt.droppedTokens + first + 1,
      cells: [
        literal(shown),
        estimate(numbers, numbers.signed(score), standardError),
        shareText(score, movement, toModel),
      ],
    }),
  );
  return compose({
    head: [
      title(explanation, toModel),
      meaning(explanation),
      ...remarks(explanation, { endsInSpace }, toModel),
    ],
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
      const sum = numbers.signed(sumOf(left));
      return `${numbers.count(left.length)} weaker tokens are left out; their contributions sum to ${sum}.`;
    },
    foot: [
      `Sums: ${sums.map(({ name, value }) => `${name}: ${value}`).join('; ')}.`,
      nextLine(explanation.next.slice(0, 5)),
      receiptLine(explainReceiptFacts(explanation, toModel, 'ids')),
    ],
  });
}

/** What f is, and what a contribution's sign says. */
function meaning(explanation: Explanation): string {
  const f = objectiveName(explanation.receipt.objective, toModel);
  const meant = sides(explanation, toModel);
  return meant
    ? `Explained is f = ${f}. A token with a positive contribution ${meant.for}, one with a negative contribution ${meant.against}.`
    : `Explained is f = ${f}. A contribution tells how strongly f reacts to the token, not in which direction.`;
}
