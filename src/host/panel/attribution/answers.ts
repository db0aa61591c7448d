import type { CancellationToken } from 'vscode';
import { EngineError } from '../../../protocol/errors.ts';
import { chooseMethod, chosenOptions, isSigned, type MethodOptionName } from '../../../protocol/methods.ts';
import type { AttributionPanel, Group } from '../../../protocol/panels/attribution.ts';
import type { AnswerOf, ParamsOf } from '../../../protocol/panels/page.ts';
import type { ExplainedTokens, Explanation } from '../../../protocol/results.ts';
import { type DisplayToken, displayTokens } from '../../../text/displayTokens.ts';
import { largestOf } from '../../../text/level.ts';
import { rankCorrelation } from '../../../text/rankCorrelation.ts';
import type { EngineVerb } from '../../engine/client.ts';
import { paramsOfReceipt } from '../../explain/repeat.ts';

/** An answer that was given, and what it was about. */
export interface Given {
  explanation: ExplainedTokens;
  text: string;
  tokens: readonly DisplayToken[];
  modelDir: string;
  /** Of methods, as they are set: for another method, which has options that this one has not. */
  options: Partial<Record<MethodOptionName, unknown>>;
}

type Explain = EngineVerb<'explain'>;

/** The same question by another method; the receipt is told as it is. */
export async function compare(
  explain: Explain,
  given: Given,
  { method }: ParamsOf<AttributionPanel, 'compare'>,
  cancellation: CancellationToken | undefined,
): Promise<Omit<AnswerOf<AttributionPanel, 'compare'>, 'receipt'> & { explanation: Explanation }> {
  const { receipt } = given.explanation;
  // What both methods have stays as it was asked for.
  const choice = chooseMethod(method, { ...given.options, ...Object.fromEntries(chosenOptions(receipt)) });
  const params = { ...paramsOfReceipt(given.explanation, given.text, given.modelDir), ...choice };
  const explanation = await explain(params, asks('compare', cancellation));
  const scores = scoresOf(given, explanation);
  const own = given.tokens.map(({ score }) => score);
  const signed = isSigned(explanation.receipt.method);
  const ofMagnitudes = !signed || !isSigned(receipt.method);
  const compared = (values: readonly number[]) => (ofMagnitudes ? values.map(Math.abs) : values);
  return {
    scores,
    signed,
    ofMagnitudes,
    correlation: rankCorrelation(compared(own), compared(scores)).rho,
    explanation,
  };
}

/** What the receipt says, done again. */
export async function repeat(
  explain: Explain,
  given: Given,
  cancellation: CancellationToken | undefined,
): Promise<AnswerOf<AttributionPanel, 'repeat'>> {
  const params = paramsOfReceipt(given.explanation, given.text, given.modelDir);
  const explanation = await explain(params, asks('repeat', cancellation));
  const scores = scoresOf(given, explanation);
  const differences = given.tokens.map(({ score }, index) => Math.abs(score - (scores[index] ?? Number.NaN)));
  return {
    sameModel: explanation.receipt.model.sha256 === given.explanation.receipt.model.sha256,
    difference: Math.max(0, ...differences),
    largest: largestOf(given.tokens),
    milliseconds: explanation.receipt.milliseconds,
  };
}

/** A first explanation on the text, which a person waits for, goes before: the panel has one to show already. */
function asks(question: 'compare' | 'repeat', cancellation: CancellationToken | undefined) {
  const lane = `panel.explanation.${question}`;
  return { lane, rank: 'reading' as const, ...(cancellation && { cancellation }) };
}

/** Per part of the model and per group of shown tokens; what the model read in pieces is one token there. */
export function layersOf(
  { explanation, tokens }: Given,
  groups: readonly Group[],
): AnswerOf<AttributionPanel, 'layers'> {
  const { layers } = explanation;
  if (!layers) throw new EngineError('layers-missing', { method: explanation.receipt.method });
  const { rows, contributions } = layers;
  const width = explanation.tokens.length;
  const sums = new Float32Array(rows * groups.length);
  for (let row = 0; row < rows; row++) {
    for (const [column, group] of groups.entries()) {
      const pieces = group.tokens.flatMap((token) => piecesOf(tokens[token]!));
      const sum = pieces.reduce((total, piece) => total + contributions[row * width + piece]!, 0);
      sums[row * groups.length + column] = sum;
    }
  }
  return { rows, columns: groups.length, contributions: sums };
}

function piecesOf({ first, pieces }: DisplayToken): number[] {
  return Array.from({ length: pieces }, (_, piece) => first + piece);
}

function scoresOf({ text }: Given, explanation: ExplainedTokens): number[] {
  return displayTokens(text, explanation.tokens, explanation.receipt.range.start).map(({ score }) => score);
}
