import type { CancellationToken } from 'vscode';
import type { ExplainParams } from '../../../protocol/engine.ts';
import { EngineError } from '../../../protocol/errors.ts';
import { chooseMethod, chosenOptions, isSigned, type MethodOptionName } from '../../../protocol/methods.ts';
import type { AttributionPanel, Attributions, Group } from '../../../protocol/panels/attribution.ts';
import type { AnswerOf, QuestionName } from '../../../protocol/panels/page.ts';
import type { ExplainedTokens, PartialEvidence } from '../../../protocol/results.ts';
import type { DisplayToken } from '../../../text/displayTokens.ts';
import { evidenceAsked } from '../../../text/evidenceAsked.ts';
import { largestOf } from '../../../text/level.ts';
import { rankCorrelation } from '../../../text/rankCorrelation.ts';
import { optionName, removalName } from '../../../text/telling/names.ts';
import { explainReceiptFacts, receiptFacts } from '../../../text/telling/receipt.ts';
import { remarksOnMethod } from '../../../text/telling/remarks.ts';
import type { Telling } from '../../../text/telling/telling.ts';
import type { EngineVerbs } from '../../engine/client.ts';
import { paramsOfReceipt } from '../../explain/repeat.ts';
import type { PanelAnswers } from '../answers.ts';
import { variantsOf } from './choices.ts';
import { evidenceOf } from './evidence.ts';

/** An answer that was given, and what it was about. */
export interface Given {
  explanation: ExplainedTokens;
  text: string;
  tokens: readonly DisplayToken[];
  modelDir: string;
  groups: Attributions['groups'];
  /** The settings of all methods' options, for a second method with options that this one does not have. */
  options: Partial<Record<MethodOptionName, unknown>>;
}

/** @param given gives what the page shows. @throws EngineError if that is gone */
export function attributionAnswers(
  engine: Pick<EngineVerbs, 'explain' | 'remove' | 'evidence'>,
  given: () => Given,
  telling: Telling,
): PanelAnswers<AttributionPanel> {
  return {
    /** The same question by another method. */
    async compare({ method }, { cancellation }) {
      const shown = given();
      const { receipt: first } = shown.explanation;
      // Options that both methods have keep the requested values.
      const options = { ...shown.options, ...Object.fromEntries(chosenOptions(first)) };
      const asked = { ...paramsOf(shown), ...chooseMethod(method, options) };
      const explanation = await engine.explain(asked, asks('compare', cancellation));
      const scores = scoresOf(shown, explanation);
      const own = shown.tokens.map(({ score }) => score);
      const signed = isSigned(explanation.receipt.method);
      const ofMagnitudes = !signed || !isSigned(first.method);
      const compared = (values: readonly number[]) => (ofMagnitudes ? values.map(Math.abs) : values);
      const correlation = rankCorrelation(compared(own), compared(scores)).rho;
      const remarks = remarksOnMethod(explanation, telling);
      const receipt = explainReceiptFacts(explanation, telling);
      const standardErrors = standardErrorsOf(shown, explanation);
      return { scores, standardErrors, signed, ofMagnitudes, correlation, remarks, receipt };
    },

    async layers({ granularity }) {
      const shown = given();
      return layersOf(shown, shown.groups[granularity] ?? shown.groups.word);
    },

    async remove({ tokens }, { cancellation }) {
      const shown = given();
      const { method: _, ...question } = paramsOf(shown);
      const pieces = tokens.flatMap((token) => {
        const one = shown.tokens[token];
        if (!one) throw new EngineError('cancelled');
        return piecesOf(one);
      });
      const removed = await engine.remove(
        { ...question, tokens: pieces, seed: 0 },
        asks('remove', cancellation),
      );
      return {
        value: removed.value,
        without: removed.without.map(({ removal, value, standardError }) => ({
          ...{
            name: removalName(removal, shown.explanation.receipt.baseline, telling),
            value,
            standardError,
          },
        })),
        receipt: receiptFacts(removed.receipt, telling, [
          { id: 'seed', name: optionName('seed', telling), value: String(removed.receipt.seed) },
        ]),
      };
    },

    async choices(_, { cancellation, report }) {
      const shown = given();
      const own = shown.tokens.map(({ score }) => score);
      // Some ten explanations: what a person asks meanwhile goes first.
      const options = { ...asks('choices', cancellation), rank: 'filling-in' as const };
      const variants = variantsOf(shown.explanation, paramsOf(shown), telling);
      const answer = { rows: [] as AnswerOf<AttributionPanel, 'choices'>['rows'], total: variants.length };
      for (const { name, params } of variants) {
        const scores = scoresOf(shown, await engine.explain(params, options));
        answer.rows.push({ name, scores, correlation: rankCorrelation(own, scores).rho });
        report({ ...answer, rows: [...answer.rows] });
      }
      return answer;
    },

    async evidence(_, { cancellation, report }) {
      const shown = given();
      const { receipt } = shown.explanation;
      const asked = { ...paramsOf(shown), ...evidenceAsked(shown.explanation, 5) };
      const told = (known: PartialEvidence) => evidenceOf(known, receipt.baseline, telling);
      const known = await engine.evidence(asked, {
        ...asks('evidence', cancellation),
        rank: 'filling-in',
        onProgress: ({ partial }) => {
          if (partial) report(told(partial));
        },
      });
      return told(known);
    },

    /** Repeats what the receipt says. */
    async repeat(_, { cancellation }) {
      const shown = given();
      const explanation = await engine.explain(paramsOf(shown), asks('repeat', cancellation));
      const scores = scoresOf(shown, explanation);
      const apart = shown.tokens.map(({ score }, index) => Math.abs(score - (scores[index] ?? Number.NaN)));
      return {
        sameModel: explanation.receipt.model.sha256 === shown.explanation.receipt.model.sha256,
        difference: Math.max(0, ...apart),
        largest: largestOf(shown.tokens),
        milliseconds: explanation.receipt.milliseconds,
      };
    },
  };
}

/** A first explanation on the text goes first, because a person waits for it, while the panel already shows one. */
function asks(question: QuestionName<AttributionPanel>, cancellation: CancellationToken) {
  return { lane: `panel.explanation.${question}`, rank: 'reading' as const, cancellation };
}

function paramsOf({ explanation, text, modelDir }: Given): ExplainParams {
  return paramsOfReceipt(explanation, text, modelDir);
}

/** Per part of the model and per group of shown tokens; what the model read in pieces is one token there. */
export function layersOf(
  { explanation, tokens }: Pick<Given, 'explanation' | 'tokens'>,
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

/** Of several pieces at most: their errors may go together. Null where the scores are no estimates. */
function standardErrorsOf({ tokens }: Given, explanation: ExplainedTokens): number[] | null {
  const errors = explanation.tokens.map(({ standardError }) => standardError);
  if (errors.some((error) => error === undefined)) return null;
  return tokens.map((token) => piecesOf(token).reduce((sum, piece) => sum + (errors[piece] ?? 0), 0));
}

/** By another explanation of the same tokens, one for each that is shown: what is a whole here need not be one there. */
function scoresOf({ tokens }: Given, explanation: ExplainedTokens): number[] {
  return tokens.map((token) =>
    piecesOf(token).reduce((sum, piece) => sum + (explanation.tokens[piece]?.score ?? Number.NaN), 0),
  );
}
