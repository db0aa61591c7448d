/**
 * The question by which parts of the model are measured: one token's logit against another's, with the residual streams
 * of the text before it.
 */
import type { ImportanceParams, Progress } from '../../protocol/engine.ts';
import type { Receipt, ReceiptSoFar } from '../../protocol/results.ts';
import type { Contrast } from '../gpt2/contrast.ts';
import { type Distribution, distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { StreamRows } from '../gpt2/streams.ts';
import type { Run } from '../run.ts';
import { chooseContrast, contrastAlternatives } from './choice.ts';
import { locatePrediction, type Prediction } from './position.ts';
import { reportReading } from './reading.ts';
import { receiptsOf } from './receipts.ts';

/** What the receipt says of the question itself. */
type Asked = { at: number } & Contrast;

export interface ContrastQuestion extends Prediction {
  /** The streams of all that is read, up to the predicting token. */
  streams: StreamRows;
  /** The predicting token's stream before ln_f, `[C]`. */
  residual: Float32Array;
  /** The distribution after the predicting token. */
  distribution: Distribution;
  contrast: Contrast;
  receipt: { soFar(): ReceiptSoFar & Asked; final(): Promise<Receipt & Asked> };
}

/**
 * Nothing has to be given back. The streams must not be changed.
 * @throws EngineError `text-empty`, `first-token`, `position-invalid`, `token-unknown`, `token-not-single`,
 * `foil-is-target`, `foil-needed`, `cancelled`
 */
export async function askContrast(
  model: Gpt2,
  params: ImportanceParams,
  run: Run<Progress>,
): Promise<ContrastQuestion> {
  const receipts = receiptsOf(model, run);
  const { contextLength, width } = model.config;
  const prediction = locatePrediction(model, params, contextLength);
  const { reading, at, actual } = prediction;
  const { ids, dropped } = reading;
  const streams = await model.memory.streams.of(ids, run, reportReading(run, ids.length));
  const residual = (streams.at(-1) as Float32Array).subarray(-width);
  const distribution = await distributionAt(model, residual, contrastAlternatives, run);
  const contrast = chooseContrast(model, params, actual?.id ?? null, distribution);
  const about = { at, ...contrast };
  const receipt = {
    soFar: () => ({ ...receipts.soFar(params, dropped), ...about }),
    final: async () => ({ ...(await receipts.final(params, dropped)), ...about }),
  };
  return { ...prediction, streams, residual, distribution, contrast, receipt };
}
