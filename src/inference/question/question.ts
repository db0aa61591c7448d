/** From a request about a prediction to f: the tokens that are read, the target, the foil, and f over these tokens. */
import type { ExplainParams, Progress } from '../../protocol/engine.ts';
import { type AttributionMethodId, describeMethod, objectiveAlone } from '../../protocol/methods.ts';
import type { Partition } from '../../protocol/partition.ts';
import type { ExplainReceipt, Objective, Receipt, ReceiptSoFar } from '../../protocol/results.ts';
import { partsOf } from '../../text/parts.ts';
import { isInside } from '../../text/pieceNames.ts';
import { type Distribution, distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import type { Run } from '../run.ts';
import { chooseFoil, chooseTarget, spellFoil } from './choice.ts';
import { competitors } from './competitor.ts';
import { openFunction } from './openFunction.ts';
import { phraseLogProbability } from './phraseContrast.ts';
import { type ExplainedPrediction, locate, type Prediction } from './position.ts';
import type { QuestionFunction } from './questionFunction.ts';
import { reportReading } from './reading.ts';
import { receiptsOf } from './receipts.ts';
import type { Surroundings } from './removal/operator.ts';
import { asideFor } from './wholeCharacters.ts';

const nextAlternatives = Math.max(10, competitors);

export type QuestionParams = Pick<
  ExplainParams,
  'modelDir' | 'text' | 'bos' | 'range' | 'at' | 'target' | 'foil' | 'objective' | 'baseline' | 'method'
> & {
  /** Methods besides that f will be given to. */
  others?: readonly AttributionMethodId[];
};

/** What the receipt says of the question itself. */
type Asked = Pick<ExplainReceipt, 'objective' | 'baseline' | 'range' | 'target' | 'foil' | 'at'>;

export interface Foil {
  /** At least one. */
  ids: readonly number[];
  /** Of all these tokens in a row. */
  probability: number;
}

interface Choice {
  /** After the token that predicts. */
  distribution: Distribution;
  target: number;
  foil: Foil | null;
  /** Where the model can go on, to name parts of characters; null where none is expected. */
  aside: Sequence | null;
  /** What f is: not the contrast that was asked for if nothing competes with the target. */
  objective: Objective;
}

/** A prediction with what is asked about it. */
export interface Question extends ExplainedPrediction, Choice {
  /** Over the explained tokens before the predicted one: later tokens cannot have influenced it. */
  f: QuestionFunction;
  /** What the result is stamped with; the time runs from when the question was opened. */
  receipt: { soFar(): ReceiptSoFar & Asked; final(): Promise<Receipt & Asked> };
}

/**
 * Calls `work` with the question once its text has been read. The sequence and the memory of f are given back when
 * `work` ends, also if it fails or is cancelled.
 * @param onEvaluated is told the number of evaluations of f so far
 * @throws EngineError `text-empty`, `first-token`, `position-invalid`, `position-before-range`, `token-unknown`,
 * `token-not-single`, `foil-is-target`, `foil-needed`, `option-invalid`, `cancelled`, and what `work` throws
 */
export async function withQuestion<R>(
  model: Gpt2,
  params: QuestionParams,
  run: Run<Progress>,
  work: (question: Question) => Promise<R>,
  onEvaluated?: (evaluations: number) => void,
): Promise<R> {
  const receipts = receiptsOf(model, run);
  const spelled = spellFoil(model, params);
  // All tokens of the foil but the last are read after the text.
  const room = model.config.contextLength - ((spelled?.length ?? 1) - 1);
  const located = locate(model, params, room);
  const { reading, at, explained, range } = located;
  const { ids, dropped } = reading;
  const { baseline } = params;
  // They are left behind by reading, so they are read first: later they would have to be read again.
  const methods = [params.method, ...(params.others ?? [])];
  const streams = methods.some((method) => describeMethod(method).needs.includes('routes'))
    ? await model.memory.streams.of(ids, run, reportReading(run, ids.length))
    : null;
  const known = streams?.at(-1)?.subarray(-model.config.width) ?? null;
  return model.memory.readings.use(ids, known ? ids.length : ids.length - 1, async (sequence) => {
    const choice = await choose(model, params, located, spelled, { sequence, last: known }, run);
    const { target, distribution, objective } = choice;
    const foil = [...(choice.foil?.ids ?? [])];
    const first = reading.indexOf(explained.first);
    const count = Math.min(explained.end, at) - explained.first;
    const { logits } = distribution;
    const spans = reading.tokens.slice(explained.first, explained.first + count);
    const parts = (partition: Partition) => partsOf(params.text, spans, partition);
    const surroundings = surroundingsOf(params.text, located);
    const asked = {
      ids,
      first,
      count,
      target,
      foil,
      objective,
      baseline,
      surroundings,
      logits,
      parts,
      ...(streams && { streams }),
    };
    const f = await openFunction(model, sequence, asked, run, onEvaluated);
    const about = { objective, baseline, range, target, foil, at };
    const receipt = {
      soFar: () => ({ ...receipts.soFar(params, dropped), ...about }),
      final: async () => ({ ...(await receipts.final(params, dropped)), ...about }),
    };
    try {
      return await work({ ...located, ...choice, f, receipt });
    } finally {
      f.release();
    }
  });
}

/** The text around what is read: what did not fit into the context, and what follows from the predicted token on. */
function surroundingsOf(text: string, { reading: { tokens, dropped }, at }: Prediction): Surroundings {
  const placeOf = (token: number) => tokens[token]?.start ?? text.length;
  // A token inside a character has its place at that character's end.
  let next = at;
  while (next > 0 && tokens[next] && isInside(tokens[next]!.bytes)) next--;
  return { before: text.slice(0, placeOf(dropped)), after: text.slice(placeOf(next)) };
}

/**
 * Reads what is not read yet of the text up to the prediction, then a foil of several tokens.
 * @param last the predicting token's stream before ln_f, if it is known
 */
async function choose(
  model: Gpt2,
  params: QuestionParams,
  { reading: { ids }, actual }: Prediction,
  spelled: readonly number[] | null,
  { sequence, last: known }: { sequence: Sequence; last: Float32Array | null },
  run: Run<Progress>,
): Promise<Choice> {
  const residual = await sequence.read(ids.slice(sequence.length), run, {
    onSlice: reportReading(run, ids.length),
  });
  const last = known ?? residual.subarray(-model.config.width);
  const distribution = await distributionAt(model, last, nextAlternatives, run);
  const target = chooseTarget(model, params.target, actual?.id ?? null, distribution);
  const foil = chooseFoil(model, params, spelled, target, distribution);
  const named = [target, ...foil].map((one) => model.tokenizer.shown(one));
  const aside = asideFor(sequence, [...distribution.top, ...named]);
  const [id] = foil;
  const { objective } = params;
  if (id === undefined) {
    const alone = objective === 'contrast' ? objectiveAlone(params.method) : objective;
    return { distribution, target, foil: null, objective: alone, aside };
  }
  const probability =
    foil.length === 1
      ? distribution.probability(id)
      : Math.exp(await phraseLogProbability(model, sequence, last, foil, run));
  return { distribution, target, foil: { ids: foil, probability }, objective, aside };
}
