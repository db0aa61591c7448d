import { l10n } from 'vscode';
import type { Scores, TokenScore } from '../../protocol/results.ts';
import { averagesOf } from '../../text/averages.ts';
import { receiptFacts } from '../../text/telling/receipt.ts';
import { droppedText } from '../../text/telling/remarks.ts';
import { averageTexts, wordsText } from '../../text/telling/scores.ts';
import { unpredictedText } from '../../text/telling/tokens.ts';
import { type ShownWord, shownWords } from '../../text/words.ts';
import { modelText as modelTextOf } from '../explain/request.ts';
import { type Answer, compose, likely, nextLine, numbers, type Row, receiptLine, toModel } from './answer.ts';
import { fields, flag, type InputOf, integer, modelText, optional } from './input.ts';
import type { Tool } from './tool.ts';

/** More rows than fit into an answer. */
const mostRows = 100;

const input = fields({ text: modelText, top: optional(integer(1, 10)), words: optional(flag) });
type Input = InputOf<typeof input>;

/** How probable was each token or word of the text, what was expected instead, and what comes next? */
export const tokenProbabilities: Tool<Input> = {
  name: 'whytoken_token_probabilities',
  input,
  doing: () => l10n.t('Asking GPT-2 how probable each token is'),
  run: async ({ text, top, words }, { engine, settings, options }) => {
    const model = modelTextOf(text, undefined, settings);
    const alternatives = top ?? 3;
    const scores = await engine.score({ ...model, range: null, top: alternatives, stride: 'auto' }, options);
    return answer(text, scores, alternatives, words ?? false);
  },
};

function answer(text: string, scores: Scores, alternatives: number, areWords: boolean): string {
  const { tokens, receipt, stride, next } = scores;
  const averages = averagesOf(tokens, text);
  return compose({
    head: [
      averages ? `How well it is predicted: ${averageTexts(averages, toModel).join(', ')}.` : '',
      tokens[0]?.logProb === null ? unpredictedText(toModel) : '',
      droppedText(receipt, toModel) ?? '',
      areWords ? wordsText(toModel) : '',
    ],
    ...(areWords ? ofWords(text, scores) : ofTokens(scores)),
    inReadingOrder: true,
    foot: [
      nextLine(next.slice(0, Math.max(alternatives, 5))),
      receiptLine(receiptFacts(receipt, toModel, stride === null ? [] : [windows(stride)])),
    ],
  });
}

type Table = Pick<Answer, 'columns' | 'rows' | 'rest'>;

function ofTokens({ tokens, receipt }: Scores): Table {
  const place = (index: number) => receipt.droppedTokens + index + 1;
  return {
    columns: [
      { name: 'token', align: 'left' },
      { name: 'probability', align: 'right' },
      { name: 'rank', align: 'right' },
      { name: 'surprisal (bits)', align: 'right' },
      { name: 'most probable here', align: 'left' },
    ],
    rows: mostSurprising(tokens, (token, index) => ({ place: place(index), cells: cells(token) })),
    rest: (listed) => {
      const left = tokens.length - listed;
      return left > 0 ? `${numbers.count(left)} less surprising tokens are left out of the table.` : '';
    },
  };
}

function ofWords(text: string, { tokens, wordEnd }: Scores): Table {
  const words = shownWords(text, tokens, wordEnd);
  const ofWord = ({ text: word, logProb }: ShownWord) => [
    toModel.quote({ text: word.trimStart() }),
    ...(logProb === null ? ['–', '–'] : [numbers.percent(Math.exp(logProb)), numbers.bits(-logProb)]),
  ];
  return {
    columns: [
      { name: 'word', align: 'left' },
      { name: 'probability', align: 'right' },
      { name: 'surprisal (bits)', align: 'right' },
    ],
    rows: mostSurprising(words, (word, index) => ({ place: index + 1, cells: ofWord(word) })),
    rest: (listed) => {
      const left = words.length - listed;
      return left > 0 ? `${numbers.count(left)} less surprising words are left out of the table.` : '';
    },
  };
}

/** They say most; what has no probability says nothing. */
function mostSurprising<T extends { logProb: number | null }>(
  all: readonly T[],
  row: (one: T, index: number) => Row,
): Row[] {
  const ranked = [...all.entries()].sort(([, a], [, b]) => (a.logProb ?? 1) - (b.logProb ?? 1));
  return ranked.slice(0, mostRows).map(([index, one]) => row(one, index));
}

function cells({ logProb, rank, top, ...token }: TokenScore): string[] {
  const name = toModel.quote(token);
  if (logProb === null || rank === null) return [name, '–', '–', '–', '–'];
  return [name, numbers.percent(Math.exp(logProb)), numbers.count(rank), numbers.bits(-logProb), likely(top)];
}

const windows = (stride: number) => ({ id: 'stride', name: 'Windows', value: `${stride} tokens apart` });
