/** An explanation for a person: the text in colours, the strongest tokens, and what they sum up to. */
import { describeMethod, isSigned } from '../../protocol/methods.ts';
import type { Explanation } from '../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../text/displayTokens.ts';
import { estimate } from '../../text/estimate.ts';
import { largestOf, levelOf, levels } from '../../text/level.ts';
import { padEnd, padStart } from '../terminal/columns.ts';
import { Flow } from '../terminal/flow.ts';
import { paintBar, paintLevel } from '../terminal/palette.ts';
import { bar } from './bar.ts';
import { glance, label, nextLine, numbers, type Page, receiptText } from './common.ts';

export interface ShownExplanation {
  explanation: Explanation;
  text: string;
  /** Which of the text's tokens the first explained one is. */
  first: number;
  /** Where the predicted token would stand: a UTF-16 offset. */
  predictedAt: number;
}

/** UTF-16 units of context that are shown on either side. */
const contextUnits = 240;

export function printExplanation(shown: ShownExplanation, page: Page): string {
  const { explanation, text } = shown;
  const tokens = displayTokens(text, explanation.tokens, explanation.receipt.range.start);
  const painted = page.hasColours ? [paintedText(shown, tokens, page), legend(explanation, page)] : [];
  const parts = [
    page.chalk.bold(title(shown)),
    ...painted,
    table(shown, tokens, page),
    totals(explanation),
    nextLine(explanation.next, page),
  ];
  return `${parts.join('\n\n')}\n`;
}

function title({ explanation: { target, foil }, text, predictedAt }: ShownExplanation): string {
  const place = predictedAt < text.length ? ` as token ${target.position}` : '';
  const wanted = `Why ${label(target)} (${numbers.percent(target.probability)})${place}`;
  return foil ? `${wanted} and not ${label(foil)} (${numbers.percent(foil.probability)})?` : `${wanted}?`;
}

/** The explained tokens on their colours between quiet context, with the target where it is predicted. */
function paintedText(
  { explanation: { target }, text, predictedAt }: ShownExplanation,
  tokens: readonly DisplayToken[],
  { width, chalk }: Page,
): string {
  const flow = new Flow(width);
  const largest = largestOf(tokens);
  const quiet = (start: number, end: number) => flow.add(text.slice(start, Math.max(start, end)), chalk.dim);
  const start = tokens[0]?.start ?? 0;
  const end = tokens.at(-1)?.end ?? start;
  if (start > contextUnits) flow.add('… ', chalk.dim);
  quiet(Math.max(0, start - contextUnits), start);
  for (const token of tokens) {
    if (token.start >= predictedAt) break;
    flow.add(token.text, paintLevel(chalk, levelOf(token.score, largest, 1)));
  }
  quiet(end, predictedAt);
  flow.add(` ⟶ ${label(target)} `, chalk.bold);
  quiet(predictedAt, Math.min(text.length, predictedAt + contextUnits));
  if (text.length > predictedAt + contextUnits) flow.add(' …', chalk.dim);
  return flow.toString();
}

function legend({ target, foil, receipt }: Explanation, { chalk }: Page): string {
  const strong = paintLevel(chalk, levels);
  if (!isSigned(receipt.method))
    return `${strong(' stronger ')} ${chalk.dim('this method has no direction')}`;
  const against = foil ? `for ${label(foil)}` : 'against';
  return `${strong(` for ${label(target)} `)} ${paintLevel(chalk, -levels)(` ${against} `)}`;
}

function table(
  { explanation, first, predictedAt }: ShownExplanation,
  tokens: readonly DisplayToken[],
  { width, chalk }: Page,
): string {
  const largest = largestOf(tokens);
  const sum = tokens.reduce((total, { score }) => total + Math.abs(score), 0);
  const before = tokens.filter(({ start }) => start < predictedAt);
  const ranked = before.sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
  const isDirected = isSigned(explanation.receipt.method);
  // Room for ± and the standard error.
  const scoreWidth = tokens.some(({ standardError }) => standardError !== undefined) ? 21 : 10;
  const lines = ranked.slice(0, glance).map((token) => {
    const share = numbers.percent(sum === 0 ? 0 : Math.abs(token.score) / sum);
    const columns = [
      chalk.dim(padStart(String(first + token.first), 5)),
      padEnd(label(token), 24),
      padStart(estimate(numbers, numbers.signed(token.score), token.standardError), scoreWidth),
      chalk.dim(padStart(share, 5)),
    ];
    const fraction = largest === 0 ? 0 : token.score / largest;
    return `${columns.join(' ')} ${paintBar(chalk, token.score)(bar(fraction, width - 39 - scoreWidth, isDirected))}`.trimEnd();
  });
  const rest = ranked.slice(glance);
  if (rest.length > 0) {
    const restSum = numbers.signed(rest.reduce((total, { score }) => total + score, 0));
    lines.push(chalk.dim(`      ${padEnd(`and ${rest.length} more`, 24)} ${padStart(restSum, scoreWidth)}`));
  }
  return lines.join('\n');
}

function totals({ receipt, tokens, value, baselineValue, delta, evaluations }: Explanation): string {
  const sum = tokens.reduce((total, { score }) => total + score, 0);
  const facts = [
    `f(x) = ${numbers.value(value)}`,
    `f(x′) = ${numbers.value(baselineValue)}`,
    `Σ = ${numbers.signed(sum)}`,
    delta === null
      ? 'the scores of this method need not sum up'
      : `δ = ${deltaText(delta, value - baselineValue)}`,
  ];
  const how = [
    // What is counted from, in direct logit attribution, is f without what the tokens wrote: no baseline stands in for them.
    [
      ...[receipt.method, receipt.objective],
      ...(describeMethod(receipt.method).baseline === 'none' ? [] : [`baseline ${receipt.baseline}`]),
    ].join(', '),
    `${numbers.count(evaluations)} evaluations`,
    receiptText(receipt),
  ];
  return `${facts.join(' · ')}\n${how.join(' · ')}`;
}

function deltaText(delta: number, difference: number): string {
  const value = numbers.signed(delta);
  return difference === 0 ? value : `${value} (${numbers.percent(Math.abs(delta / difference))})`;
}
