/** Makes an answer of an attribution: with its tokens, target, foil, receipt and sum. */
import type { ExplainParams } from '../../protocol/engine.ts';
import {
  type AttributionMethodId,
  chooseMethod,
  describeMethod,
  type MethodChoice,
} from '../../protocol/methods.ts';
import type { ExplainedTokens, Explanation } from '../../protocol/results.ts';
import { type Attribution, completenessError, type Layers, type Segment } from '../attribution/method.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Foil, Question } from '../question/question.ts';
import { type Reading, shownAt, spanOf } from '../question/reading.ts';
import type { Gpt2Tokenizer } from '../tokens.ts';

/** How far the answer has come. @template R of the question: with the hash of the model, or without it so far */
export interface State<R>
  extends Pick<Attribution, 'scores' | 'standardErrors' | 'layers' | 'components' | 'segments' | 'fit'> {
  receipt: R;
  evaluations: number;
  refining: boolean;
}

export function describeExplanation<R>(
  model: Gpt2,
  params: ExplainParams,
  { reading, at, actual, explained, distribution, target, foil, objective }: Question,
  { receipt, scores, standardErrors, layers, components, segments, fit, evaluations, refining }: State<R>,
): Omit<ExplainedTokens, 'receipt'> & { receipt: R & MethodChoice } {
  return {
    receipt: { ...receipt, ...chooseMethod(params.method, params) },
    tokens: reading.tokens.slice(explained.first, explained.end).map((token, index) => ({
      ...spanOf(model, token),
      // Tokens from the predicted position on cannot have influenced the prediction.
      score: scores[index] ?? 0,
      ...(standardErrors && { standardError: standardErrors[index] ?? 0 }),
    })),
    target: {
      ...shownAt(model, target, actual),
      position: at,
      span: actual && { start: actual.start, end: actual.end },
      probability: distribution.probability(target),
    },
    foil: foil && describeFoil(model.tokenizer, foil),
    ...(objective !== params.objective && { uncontested: true as const }),
    evaluations,
    layers: layers ? widened(layers, explained.end - explained.first) : null,
    ...(components && { components }),
    ...(segments && { segments: segments.map((segment) => placed(segment, explained.first, reading)) }),
    ...(fit && { fit }),
    refining,
    next: distribution.top,
  };
}

function placed(segment: Segment, explained: number, { tokens }: Reading) {
  const first = explained + segment.first;
  const start = tokens[first]?.start ?? 0;
  return { ...segment, start, end: tokens[first + segment.count - 1]?.end ?? start };
}

type Sum = Pick<Explanation, 'value' | 'baselineValue' | 'delta'>;

/** What the scores have to sum up to, and δ. */
export function sumOf(method: AttributionMethodId, attribution: Attribution): Sum {
  const { complete = describeMethod(method).complete, value, baselineValue } = attribution;
  return { value, baselineValue, delta: complete ? completenessError(attribution) : null };
}

/** Goes with the first scores, which come before f(x) and f(x′) are known. */
export const unknownSum = { value: null, baselineValue: null, delta: null } as const;

/** With zeros for the tokens from the predicted position on. */
function widened({ rows, contributions }: Layers, tokens: number): Layers {
  const all = new Float32Array(rows * tokens);
  const count = contributions.length / rows;
  for (let row = 0; row < rows; row++) {
    all.set(contributions.subarray(row * count, (row + 1) * count), row * tokens);
  }
  return { rows, contributions: all };
}

function describeFoil(tokenizer: Gpt2Tokenizer, { ids, probability }: Foil): Explanation['foil'] {
  const [id] = ids as [number];
  const bytes = Buffer.concat(ids.map((one) => tokenizer.bytesOf(one)));
  const shown = ids.length === 1 ? tokenizer.shown(id) : { id, text: bytes.toString('utf8') };
  return { ...shown, ids: [...ids], probability };
}
