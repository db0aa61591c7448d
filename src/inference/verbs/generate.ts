/** Continuations of a text, token by token. */
import type { GeneratedPiece, GenerateParams, Progress } from '../../protocol/engine.ts';
import type { GeneratedSequence, GeneratedToken, Generation } from '../../protocol/results.ts';
import { randomNumbers, sample } from '../generation/sampling.ts';
import { type Distribution, distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Sequence } from '../gpt2/sequence.ts';
import type { Run } from '../run.ts';
import { readText, receiptFrom } from './reading.ts';

export async function generate(
  model: Gpt2,
  params: GenerateParams,
  run: Run<Progress<GeneratedPiece>>,
): Promise<Generation> {
  const makeReceipt = receiptFrom(model, performance.now());
  const { contextLength, width } = model.config;
  // A long text gives way at its front, so that there is room to go on: but never more than half of the context.
  const room = Math.min(params.maxTokens, Math.floor(contextLength / 2));
  const { ids, dropped } = readText(model, params, contextLength - room);

  const sequence = new Sequence(model);
  const residual = await sequence.read(ids, run, {
    onSlice: (done) => run.report({ stage: 'reading', done, total: ids.length }),
  });
  const promptEnd = await distributionAt(model, residual.subarray(-width), 1, run);

  const sequences: GeneratedSequence[] = [];
  for (let index = 0; index < params.sequences; index++) {
    sequence.truncate(ids.length);
    const report = (token: GeneratedToken, text: string, done: number) =>
      run.report({
        stage: 'generating',
        done: index * params.maxTokens + done,
        total: params.sequences * params.maxTokens,
        partial: { sequence: index, token, text },
      });
    sequences.push(await continueOnce(model, sequence, promptEnd, params, index, run, report));
  }
  const { seed, maxTokens, temperature, topK, topP } = params;
  const receipt = await makeReceipt(params, dropped);
  return { receipt: { ...receipt, seed, maxTokens, temperature, topK, topP }, sequences };
}

async function continueOnce(
  model: Gpt2,
  sequence: Sequence,
  promptEnd: Distribution,
  params: GenerateParams,
  index: number,
  run: Run<Progress<GeneratedPiece>>,
  report: (token: GeneratedToken, text: string, done: number) => void,
): Promise<GeneratedSequence> {
  const random = randomNumbers(params.seed, index);
  // Holds back the bytes of a character until its last token has come.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const tokens: GeneratedToken[] = [];
  let text = '';
  let distribution = promptEnd;
  while (tokens.length < params.maxTokens) {
    const id = sample(distribution.logits, params, random);
    if (id === model.tokenizer.endOfText) break;
    const token = { id, text: model.tokenizer.textOf(id), logProb: distribution.logProbability(id) };
    const piece = decoder.decode(model.tokenizer.bytesOf(id), { stream: true });
    tokens.push(token);
    text += piece;
    report(token, piece, tokens.length);
    if (tokens.length === params.maxTokens || sequence.ids.length === model.config.contextLength) break;
    distribution = await sequence.step(id, 1, run);
  }
  return { text: text + decoder.decode(), tokens };
}
