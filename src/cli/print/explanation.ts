/** An explanation for a person: the text in colours, the strongest tokens, and what they sum up to. */
import { chosenOptions, isSigned, methodOptions } from '../../protocol/methods.ts';
import type { Explanation } from '../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../text/displayTokens.ts';
import { estimate } from '../../text/estimate.ts';
import { largestOf, levelOf, levels, movementOf } from '../../text/level.ts';
import { sides, title, titleWithPlace } from '../../text/telling/prediction.ts';
import { explainReceiptFacts } from '../../text/telling/receipt.ts';
import { remarks } from '../../text/telling/remarks.ts';
import { sumFacts, sumOf } from '../../text/telling/sums.ts';
import { shareText } from '../../text/telling/tokens.ts';
import { padEnd, padStart } from '../terminal/columns.ts';
import { Flow } from '../terminal/flow.ts';
import { paintBar, paintLevel } from '../terminal/palette.ts';
import { bar } from './bar.ts';
import { glance, label, nextLine, numbers, type Page, receiptText, telling } from './common.ts';

export interface ShownExplanation {
  explanation: Explanation;
  text: string;
  /** The index of the first explained token among the text's tokens. */
  first: number;
  /** Where the predicted token would stand: a UTF-16 offset. */
  predictedAt: number;
}

/** UTF-16 units of context that are shown on either side. */
const contextUnits = 240;

export function printExplanation(shown: ShownExplanation, page: Page): string {
  const { explanation, text } = shown;
  const tokens = displayTokens(
    text,
    explanation.tokens,
    explanation.receipt.range.start,
    explanation.segments,
  );
  const ask = shown.predictedAt < text.length ? titleWithPlace : title;
  const painted = page.hasColours ? [paintedText(shown, tokens, page), legend(explanation, page)] : [];
  const parts = [
    page.chalk.bold(ask(explanation, telling)),
    ...painted,
    table(shown, tokens, page),
    foot(shown),
    nextLine(explanation.next, page),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The explained tokens in their colours between dimmed context, with the target where it is predicted. */
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

function legend(explanation: Explanation, { chalk }: Page): string {
  const strong = paintLevel(chalk, levels);
  const meaning = sides(explanation, telling);
  if (!meaning) return `${strong(' stronger ')} ${chalk.dim('this method has no direction')}`;
  return `${strong(` ${meaning.for} `)} ${paintLevel(chalk, -levels)(` ${meaning.against} `)}`;
}

function table(
  { explanation, first, predictedAt }: ShownExplanation,
  tokens: readonly DisplayToken[],
  { width, chalk }: Page,
): string {
  const largest = largestOf(tokens);
  const movement = movementOf(tokens);
  const before = tokens.filter(({ start }) => start < predictedAt);
  const ranked = before.sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
  const isDirected = isSigned(explanation.receipt.method);
  // Room for ± and the standard error.
  const scoreWidth = tokens.some(({ standardError }) => standardError !== undefined) ? 21 : 10;
  const lines = ranked.slice(0, glance).map((token) => {
    const columns = [
      chalk.dim(padStart(String(first + token.first), 5)),
      padEnd(label(token), 24),
      padStart(estimate(numbers, numbers.signed(token.score), token.standardError), scoreWidth),
      chalk.dim(padStart(shareText(token.score, movement, telling), 5)),
    ];
    const fraction = largest === 0 ? 0 : token.score / largest;
    return `${columns.join(' ')} ${paintBar(chalk, token.score)(bar(fraction, width - 39 - scoreWidth, isDirected))}`.trimEnd();
  });
  const rest = ranked.slice(glance);
  if (rest.length > 0) {
    const restSum = numbers.signed(sumOf(rest));
    lines.push(chalk.dim(`      ${padEnd(`and ${rest.length} more`, 24)} ${padStart(restSum, scoreWidth)}`));
  }
  return lines.join('\n');
}

/** Options that differ from their defaults, and for an estimate the seed that reproduces it. */
function toldOptions({ receipt, tokens }: Explanation) {
  const isEstimate = tokens.some(({ standardError }) => standardError !== undefined);
  return chosenOptions(receipt)
    .filter(
      ([option, value]) => value !== methodOptions[option].fallback || (isEstimate && option === 'seed'),
    )
    .map(([option]) => option);
}

/** What the contributions sum up to, how they were computed, and remarks. */
function foot({ explanation, text, predictedAt }: ShownExplanation): string {
  const facts = new Map<string, string>(
    [...sumFacts(explanation, telling), ...explainReceiptFacts(explanation, telling, 'ids')].map(
      ({ id, value }) => [id, value],
    ),
  );
  const symbols = { input: 'f(x)', baselineValue: 'f(x′)', sum: 'Σ', delta: 'δ' };
  const sums = Object.entries(symbols).flatMap(([id, symbol]) =>
    facts.has(id) ? `${symbol} = ${facts.get(id)}` : [],
  );
  if (facts.has('unit')) sums.push(`in ${facts.get('unit')}`);
  const baseline = facts.get('baseline');
  const method = [
    ...[facts.get('method'), facts.get('objective'), ...(baseline ? [`baseline ${baseline}`] : [])],
    ...toldOptions(explanation).map((option) => `${option} ${facts.get(option)}`),
  ];
  const how = [
    method.join(', '),
    `${facts.get('evaluations')} evaluations`,
    receiptText(explanation.receipt),
  ];
  const endsInSpace = predictedAt === text.length && text.endsWith(' ');
  return [sums.join(' · '), how.join(' · '), ...remarks(explanation, { endsInSpace }, telling)].join('\n');
}
