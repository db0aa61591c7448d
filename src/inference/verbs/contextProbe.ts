/**
 * Context length probing (Cífka & Liutkus 2023, "Black-box language model explanation by context length probing"): the
 * prediction from the longest window, then from windows of one token more at a time, the shortest first. Each is read anew
 * from position 0: nothing of one window can be used for another, so n tokens cost n (n + 1) / 2 readings of a token.
 */
import type { ContextProbeParams, Progress } from '../../protocol/engine.ts';
import type { ContextProbe, PartialContextProbe } from '../../protocol/results.ts';
import { type Distribution, distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Sequence } from '../gpt2/sequence.ts';
import { locate } from '../question/position.ts';
import { shownAt, spanOf } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';

type ProbeRun = Run<Progress<PartialContextProbe>>;

/** @throws EngineError as `explain` for its range and position */
export async function contextProbe(
  model: Gpt2,
  params: ContextProbeParams,
  run: ProbeRun,
): Promise<ContextProbe> {
  const receipts = receiptsOf(model, run);
  const { reading, at, actual, explained, range } = locate(model, params, model.config.contextLength);
  const end = Math.min(explained.end, at);
  const first = Math.max(explained.first, end - params.most);
  const count = end - first;
  const lead = params.bos ? [model.tokenizer.endOfText] : [];
  const window = (start: number) => [...lead, ...reading.tokens.slice(start, at).map(({ id }) => id)];
  // The one that begins behind the last token is there if something else stands in it.
  const hasShortest = window(end).length > 0;
  const starts = Array.from({ length: count + (hasShortest ? 1 : 0) }, (_, index) => first + index);
  const total = starts.reduce((sum, start) => sum + window(start).length, 0);
  let done = 0;

  const predict = async (start: number): Promise<Prediction> => {
    const ids = window(start);
    const before = done;
    const sequence = new Sequence(model);
    const stream = await sequence.read(ids, run, {
      onSlice: (read) => run.report({ stage: 'reading', done: before + read, total }),
    });
    const distribution = await distributionAt(model, stream.subarray(-model.config.width), 1, run);
    done = before + ids.length;
    return predictionOf(distribution);
  };

  const longest = await predict(first);
  const target = actual?.id ?? longest.top;
  const unknown = () => new Float32Array(count).fill(Number.NaN);
  const [logProbs, divergences] = [unknown(), unknown()];
  const [steps, importances, gains] = [unknown(), unknown(), unknown()];
  const answer = <R>(receipt: R) => ({
    receipt: { ...receipt, at, range, most: params.most },
    tokens: reading.tokens.slice(first, end).map((token) => spanOf(model, token)),
    target: {
      ...shownAt(model, target, actual),
      probability: Math.exp(longest.logProbs[target] as number),
      span: actual && { start: actual.start, end: actual.end },
    },
    ...{ logProbs: logProbs.slice(), divergences: divergences.slice(), steps: steps.slice() },
    ...{ importances: importances.slice(), gains: gains.slice(), read: done },
  });

  let without: { prediction: Prediction; divergence: number } | null = null;
  for (const start of starts.reverse()) {
    const prediction: Prediction = start === first ? longest : await predict(start);
    const divergence = start === first ? 0 : divergenceOf(longest, prediction);
    const token = start - first;
    if (token < count) {
      logProbs[token] = prediction.logProbs[target] as number;
      divergences[token] = divergence;
    }
    if (without) {
      steps[token] = divergenceOf(prediction, without.prediction);
      importances[token] = without.divergence - divergence;
      const gained =
        (prediction.logProbs[target] as number) - (without.prediction.logProbs[target] as number);
      gains[token] = gained;
    }
    without = { prediction, divergence };
    if (start > first) {
      const partial = answer(receipts.soFar(params, reading.dropped));
      run.report({ stage: 'reading', done, total, partial });
    }
  }
  return answer(await receipts.final(params, reading.dropped));
}

interface Prediction {
  /** `[V]`. */
  logProbs: Float64Array;
  top: number;
}

function predictionOf({ logits, logProbability, top }: Distribution): Prediction {
  return {
    logProbs: Float64Array.from(logits, (_, id) => logProbability(id)),
    top: top[0]?.id as number,
  };
}

/** D_KL(p ‖ q) = Σ p log(p / q), in nats. Rounding may leave less than nothing, which no divergence is. */
function divergenceOf({ logProbs: p }: Prediction, { logProbs: q }: Prediction): number {
  let sum = 0;
  for (let id = 0; id < p.length; id++) {
    const one = p[id] as number;
    sum += Math.exp(one) * (one - (q[id] as number));
  }
  return Math.max(0, sum);
}
