/** Scores for a person: the text in the colours of its ranks, the surprises, and the averages. */
import type { Scores, TokenScore } from '../../protocol/results.ts';
import { averagesOf, type Predicted, predictedOf } from '../../text/averages.ts';
import { displayTokens } from '../../text/displayTokens.ts';
import { averageTexts, wordsText } from '../../text/telling/scores.ts';
import { unpredictedText } from '../../text/telling/tokens.ts';
import type { ShownWord } from '../../text/words.ts';
import { padEnd, padStart } from '../terminal/columns.ts';
import { Flow } from '../terminal/flow.ts';
import { paintRank, rankBands } from '../terminal/palette.ts';
import { glance, label, nextLine, numbers, type Page, receiptLines, telling } from './common.ts';

/** @param scores with `words`, a table of words takes the place of the one of tokens */
export function printScores(
  scores: Scores & { words?: readonly ShownWord[] },
  text: string,
  page: Page,
): string {
  const predicted = predictedOf(scores.tokens);
  const averages = averagesOf(scores.tokens, text);
  const parts = [
    ...(page.hasColours && scores.tokens.length > 0
      ? [paintedText(scores.tokens, text, page), legend(page)]
      : []),
    ...(scores.words
      ? [wordTable(scores.words, page)]
      : predicted.length > 0
        ? [table(predicted, page)]
        : []),
    [
      averages ? averageTexts(averages, telling).join(' · ') : `${unpredictedText(telling)} See --bos.`,
      ...receiptLines(scores.receipt),
      ...(scores.stride === null
        ? []
        : [`Read in windows that begin ${numbers.count(scores.stride)} tokens apart.`]),
    ].join('\n'),
    nextLine(scores.next, page),
  ];
  return `${parts.join('\n\n')}\n`;
}

function paintedText(tokens: readonly TokenScore[], text: string, { width, chalk }: Page): string {
  const flow = new Flow(width);
  const scored = tokens.map((token) => ({ ...token, score: 0 }));
  for (const { text: shown, first, pieces } of displayTokens(text, scored, 0)) {
    // A character that is split over tokens is coloured like its most surprising piece.
    const ranks = tokens.slice(first, first + pieces).map(({ rank }) => rank ?? 1);
    flow.add(shown, paintRank(chalk, Math.max(...ranks)));
  }
  return flow.toString();
}

function legend({ chalk }: Page): string {
  const names = rankBands.map((most) => (Number.isFinite(most) ? `top ${numbers.count(most)}` : 'beyond'));
  return names.map((name, band) => paintRank(chalk, rankBands[band] as number)(` ${name} `)).join(' ');
}

function table(predicted: readonly Predicted[], { chalk }: Page): string {
  const surprises = predicted.toSorted((a, b) => a.logProb - b.logProb).slice(0, glance);
  const lines = surprises.map((token) => {
    const [expected] = token.top;
    const columns = [
      padEnd(label(token), 24),
      padStart(numbers.bits(-token.logProb), 6),
      padStart(numbers.count(token.rank), 7),
      padStart(numbers.percent(Math.exp(token.logProb)), 6),
      expected ? `${label(expected)} ${numbers.percent(expected.probability)}` : '',
    ];
    return columns.join('  ').trimEnd();
  });
  const heading = `${padEnd('Most surprising', 24)}    bits     rank  chance  expected`;
  return [chalk.bold(heading), ...lines].join('\n');
}

function wordTable(words: readonly ShownWord[], { chalk }: Page): string {
  const known = words.filter(({ logProb }) => logProb !== null);
  const surprises = known.toSorted((a, b) => a.logProb! - b.logProb!).slice(0, glance);
  const lines = surprises.map(({ text, logProb }) =>
    [
      padEnd(label({ text: text.trimStart() }), 24),
      padStart(numbers.bits(-logProb!), 6),
      padStart(numbers.percent(Math.exp(logProb!)), 6),
    ].join('  '),
  );
  const heading = `${padEnd('Most surprising words', 24)}    bits  chance`;
  return [chalk.bold(heading), ...lines, wordsText(telling)].join('\n');
}
