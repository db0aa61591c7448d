/** Continuations of a text, token by token. */
import type { GeneratedPiece, GenerateParams, Progress } from '../../protocol/engine.ts';
import type { GeneratedSequence, GeneratedToken, Generation } from '../../protocol/results.ts';
import { penalize } from '../generation/penalty.ts';
import { type RandomNumber, randomNumbers, sample } from '../generation/sampling.ts';
import { Transcript, type WrittenToken } from '../generation/transcript.ts';
import { type Distribution, distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { checkId } from '../question/choice.ts';
import { readText, reportReading } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import type { Run } from '../run.ts';

/** Alternatives that are listed for each token. */
const alternatives = 5;

export async function generate(
  model: Gpt2,
  params: GenerateParams,
  run: Run<Progress<GeneratedPiece>>,
): Promise<Generation> {
  const receipts = receiptsOf(model, run);
  const { contextLength, width } = model.config;
  if (params.first !== null) checkId(model, params.first);
  // The front of a long text is dropped to make room for the continuation, which gets at most half of the context.
  const room = Math.min(params.maxTokens, Math.floor(contextLength / 2));
  const { ids, dropped } = readText(model, params, contextLength - room);

  const sequences: GeneratedSequence[] = [];
  await model.memory.readings.use(ids, ids.length - 1, async (sequence) => {
    const residual = await sequence.read(ids.slice(sequence.length), run, {
      onSlice: reportReading(run, ids.length),
    });
    const promptEnd = await distributionAt(model, residual.subarray(-width), alternatives, run);
    for (let index = 0; index < params.sequences; index++) {
      sequence.truncate(ids.length);
      const random = randomNumbers(params.seed, index);
      const report = reporter(params, index, run);
      sequences.push(await continueOnce(model, sequence, promptEnd, params, random, run, report));
    }
  });
  const { seed, maxTokens, temperature, topK, topP, repetitionPenalty, stop, first } = params;
  const sampling = { temperature, topK, topP, repetitionPenalty };
  const receipt = await receipts.final(params, dropped);
  return { receipt: { ...receipt, ...sampling, seed, maxTokens, stop, first }, sequences };
}

/** Is told how many tokens are done, and those whose text has become certain. */
type Report = (done: number, written: readonly WrittenToken[]) => void;

async function continueOnce(
  model: Gpt2,
  sequence: Sequence,
  promptEnd: Distribution,
  params: GenerateParams,
  random: RandomNumber,
  run: Run,
  report: Report,
): Promise<GeneratedSequence> {
  const choose = chooser(params, random, sequence.ids);
  const transcript = new Transcript(params.stop);
  const close = (ended: GeneratedSequence['ended'], done: number): GeneratedSequence => {
    const written = transcript.end();
    if (written.length > 0) report(done, written);
    const { text, tokens, isStopped } = transcript;
    return { text, tokens, ended: isStopped ? 'stop' : ended };
  };

  let distribution = promptEnd;
  for (let done = 0; ; ) {
    if (done === params.maxTokens) return close('length', done);
    const id = choose(distribution.logits);
    if (id === model.tokenizer.endOfText) return close('end-of-text', done);
    const written = transcript.add(describe(model, id, distribution), model.tokenizer.bytesOf(id));
    report(++done, written);
    if (transcript.isStopped || done === params.maxTokens) return close('length', done);
    if (sequence.length === model.config.contextLength) return close('context', done);
    distribution = await sequence.step(id, alternatives, run);
  }
}

/** Chooses one token after the other, each from its logits. Remembers which tokens have occurred. */
function chooser(
  params: GenerateParams,
  random: RandomNumber,
  context: readonly number[],
): (logits: Float32Array) => number {
  const { first, repetitionPenalty } = params;
  const occurred = new Set(context);
  let isFirst = true;
  return (logits) => {
    const id =
      isFirst && first !== null
        ? first
        : sample(penalize(logits, occurred, repetitionPenalty), params, random);
    isFirst = false;
    occurred.add(id);
    return id;
  };
}

function describe({ tokenizer }: Gpt2, id: number, distribution: Distribution): GeneratedToken {
  return {
    ...tokenizer.shown(id),
    logProb: distribution.logProbability(id),
    rank: distribution.rank(id),
    entropy: distribution.entropy,
    top: distribution.top.map(({ logit: _, ...candidate }) => candidate),
  };
}

function reporter(params: GenerateParams, sequence: number, run: Run<Progress<GeneratedPiece>>): Report {
  const total = params.sequences * params.maxTokens;
  return (count, written) => {
    const done = sequence * params.maxTokens + count;
    if (written.length === 0) run.report({ stage: 'generating', done, total });
    for (const piece of written) {
      run.report({ stage: 'generating', done, total, partial: { sequence, ...piece } });
    }
  };
}
