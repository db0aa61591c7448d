/** What may come next: the model's distribution, and what temperature, top-k and top-p leave of it. */
import type { DistributionParams, Progress } from '../../protocol/engine.ts';
import { limits } from '../../protocol/limits.ts';
import type { NextTokens } from '../../protocol/results.ts';
import { type Chances, chancesOf } from '../generation/chances.ts';
import { type Distribution, distributionAt } from '../gpt2/distribution.ts';
import { headMaskWithout } from '../gpt2/headMask.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Sequence } from '../gpt2/sequence.ts';
import { locatePrediction, type Prediction } from '../question/position.ts';
import { reportReading, shownInText } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import { asideFor, inWholeCharacters } from '../question/wholeCharacters.ts';
import type { Run } from '../run.ts';
import { checkIndices } from './indices.ts';

/** Candidates that are continued to whole characters; the others are seldom looked at. */
const mostContinued = 10;

export async function distribution(
  model: Gpt2,
  params: DistributionParams,
  run: Run<Progress>,
): Promise<NextTokens> {
  const receipts = receiptsOf(model, run);
  const { config } = model;
  const { temperature, topK, topP, without } = params;
  for (const { layer, head } of without) {
    checkIndices('without.layer', [layer], config.layers);
    checkIndices('without.head', [head], config.heads);
  }
  const prediction = locatePrediction(model, params, config.contextLength);
  const { ids, dropped } = prediction.reading;
  const headMask = without.length > 0 ? headMaskWithout(config, without) : null;
  const given = await model.memory.recentDistributions.of(ids, headMask, () =>
    read(model, ids, headMask, run),
  );
  const chances = chancesOf(given.logits, params);
  const candidates = given.top
    .slice(0, params.top)
    .map((candidate) => ({ ...candidate, drawn: chances.of(candidate.id) }));
  const receipt = await receipts.final(params, dropped);
  return {
    receipt: { ...receipt, at: prediction.at, temperature, topK, topP, without },
    candidates,
    tail: tailOf(given, chances, new Set(candidates.map(({ id }) => id))),
    kept: chances.kept,
    entropy: given.entropy,
    drawnEntropy: chances.entropy,
    actual: describeActual(model, prediction, given, chances),
  };
}

/**
 * With heads switched off, reads into a sequence that is not kept: its keys and values differ from the whole model's.
 */
async function read(
  model: Gpt2,
  ids: readonly number[],
  headMask: Float32Array | null,
  run: Run<Progress>,
): Promise<Distribution> {
  const readOn = async (sequence: Sequence) => {
    const residual = await sequence.read(ids.slice(sequence.length), run, {
      onSlice: reportReading(run, ids.length),
    });
    const last = residual.subarray(-model.config.width);
    const given = await distributionAt(model, last, limits.alternatives, run);
    // With heads switched off the model would go on in another way, and so it is not read on.
    const aside = headMask ? null : asideFor(sequence, given.top.slice(0, mostContinued));
    return { given, aside };
  };
  const { given, aside } = headMask
    ? await readOn(new Sequence(model, headMask))
    : await model.memory.readings.use(ids, ids.length - 1, readOn);
  const first = await inWholeCharacters(model, aside, given.top.slice(0, mostContinued), run);
  return { ...given, top: [...first, ...given.top.slice(mostContinued)] };
}

/** Added up itself, not 1 minus the others: it may be smaller than the rounding error of their sum. */
function tailOf(
  { logits, probability }: Distribution,
  chances: Chances,
  listed: ReadonlySet<number>,
): NextTokens['tail'] {
  const tail = { count: logits.length - listed.size, probability: 0, drawn: 0 };
  for (let id = 0; id < logits.length; id++) {
    if (listed.has(id)) continue;
    tail.probability += probability(id);
    tail.drawn += chances.of(id);
  }
  return tail;
}

function describeActual(
  model: Gpt2,
  { actual }: Prediction,
  { logits, probability, rank }: Distribution,
  chances: Chances,
): NextTokens['actual'] {
  if (!actual) return null;
  const { id, start, end } = actual;
  return {
    ...shownInText(model, actual),
    ...{ probability: probability(id), logit: logits[id] as number },
    ...{ rank: rank(id), drawn: chances.of(id), span: { start, end } },
  };
}
