import { l10n } from 'vscode';
import type { Scores, TokenScore } from '../../protocol/results.ts';
import { tokenName } from '../../text/pieceNames.ts';
import { modelText as modelTextOf } from '../explain/request.ts';
import { compose, droppedLine, likely, literal, nextLine, numbers, type Row, receiptLine } from './answer.ts';
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
    return answer(scores, alternatives);
  },
};

function answer({ tokens, receipt, stride, next }: Scores, alternatives: number): string {
  // The most surprising ones say most; a first token without a probability says nothing.
  const ranked = [...tokens.entries()].sort(([, a], [, b]) => (a.logProb ?? 1) - (b.logProb ?? 1));
  const rows = ranked
    .slice(0, mostRows)
    .map(([index, token]): Row => ({ place: receipt.droppedTokens + index + 1, cells: cells(token) }));
  return compose({
    head: [averages(tokens), unpredicted(tokens), droppedLine(receipt)],
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
      receiptLine(receipt, ...(stride === null ? [] : [`windows ${stride} tokens apart`])),
    ],
  });
}

function cells({ logProb, rank, top, ...token }: TokenScore): string[] {
  const name = literal(tokenName(token));
  if (logProb === null || rank === null) return [name, '–', '–', '–', '–'];
  return [name, numbers.percent(Math.exp(logProb)), numbers.count(rank), numbers.bits(-logProb), likely(top)];
}

/** Perplexity is exp of the mean surprisal in nats. */
function averages(tokens: readonly TokenScore[]): string {
  const predicted = tokens.flatMap(({ logProb }) => (logProb === null ? [] : [logProb]));
  if (predicted.length === 0) return 'The text has no token that something stands before.';
  const mean = -predicted.reduce((sum, logProb) => sum + logProb, 0) / predicted.length;
  const count = numbers.count(predicted.length);
  const bits = numbers.value(mean / Math.LN2);
  return `Perplexity ${numbers.value(Math.exp(mean))}: ${bits} bits per token, over ${count} predicted tokens.`;
}

function unpredicted(tokens: readonly TokenScore[]): string {
  if (tokens[0]?.logProb !== null) return '';
  return 'The first token has no probability, because without BOS nothing stands before it.';
}
