import { l10n } from 'vscode';
import type { Scores, TokenScore } from '../../protocol/results.ts';
import { averagesOf } from '../../text/averages.ts';
import { receiptFacts } from '../../text/telling/receipt.ts';
import { droppedText } from '../../text/telling/remarks.ts';
import { averageTexts } from '../../text/telling/scores.ts';
import { unpredictedText } from '../../text/telling/tokens.ts';
import { modelText as modelTextOf } from '../explain/request.ts';
import { compose, likely, nextLine, numbers, type Row, receiptLine, toModel } from './answer.ts';
import { fields, type InputOf, integer, modelText, optional } from './input.ts';
import type { Tool } from './tool.ts';

/** More rows than fit into an answer. */
const mostRows = 100;

const input = fields({ text: modelText, top: optional(integer(1, 10)) });
type Input = InputOf<typeof input>;

/** How probable was each token of the text, what was expected instead, and what comes next? */
export const tokenProbabilities: Tool<Input> = {
  name: 'whytoken_token_probabilities',
  input,
  doing: () => l10n.t('Asking GPT-2 how probable each token is'),
  run: async ({ text, top }, { engine, settings, options }) => {
    const model = modelTextOf(text, undefined, settings);
    const alternatives = top ?? 3;
    const scores = await engine.score({ ...model, range: null, top: alternatives, stride: 'auto' }, options);
    return answer(text, scores, alternatives);
  },
};

function answer(text: string, { tokens, receipt, stride, next }: Scores, alternatives: number): string {
  const averages = averagesOf(tokens, text);
  // The most surprising ones say most; a first token without a probability says nothing.
  const ranked = [...tokens.entries()].sort(([, a], [, b]) => (a.logProb ?? 1) - (b.logProb ?? 1));
  const rows = ranked
    .slice(0, mostRows)
    .map(([index, token]): Row => ({ place: receipt.droppedTokens + index + 1, cells: cells(token) }));
  return compose({
    head: [
      averages ? `How well it is predicted: ${averageTexts(averages, toModel).join(', ')}.` : '',
      tokens[0]?.logProb === null ? unpredictedText(toModel) : '',
      droppedText(receipt, toModel) ?? '',
    ],
    columns: [
      { name: 'token', align: 'left' },
      { name: 'probability', align: 'right' },
      { name: 'rank', align: 'right' },
      { name: 'surprisal (bits)', align: 'right' },
      { name: 'most probable here', align: 'left' },
    ],
    rows,
    inReadingOrder: true,
    rest: (listed) => {
      const left = tokens.length - listed;
      return left > 0 ? `${numbers.count(left)} less surprising tokens are left out of the table.` : '';
    },
    foot: [
      nextLine(next.slice(0, Math.max(alternatives, 5))),
      receiptLine(receiptFacts(receipt, toModel, stride === null ? [] : [windows(stride)])),
    ],
  });
}

function cells({ logProb, rank, top, ...token }: TokenScore): string[] {
  const name = toModel.quote(token);
  if (logProb === null || rank === null) return [name, '–', '–', '–', '–'];
  return [name, numbers.percent(Math.exp(logProb)), numbers.count(rank), numbers.bits(-logProb), likely(top)];
}

const windows = (stride: number) => ({ id: 'stride', name: 'Windows', value: `${stride} tokens apart` });
