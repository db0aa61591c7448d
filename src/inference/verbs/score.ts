/** How expected each token of a text was. */
import type { Progress, ScoreParams } from '../../protocol/engine.ts';
import type { Scores, TokenScore } from '../../protocol/results.ts';
import { distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { Sequence } from '../gpt2/sequence.ts';
import { fetch, floats, integers } from '../gpt2/tensors.ts';
import type { Run } from '../run.ts';
import { readText, receiptFrom, spanOf, tokensIn } from './reading.ts';

const nextAlternatives = 10;

export async function score(model: Gpt2, params: ScoreParams, run: Run<Progress>): Promise<Scores> {
  const makeReceipt = receiptFrom(model, performance.now());
  const { width, contextLength } = model.config;
  const reading = readText(model, params, contextLength);
  const { tokens, dropped, ids } = reading;
  const reported = params.range ? tokensIn(tokens, params.range) : { first: 0, end: tokens.length };
  const first = Math.max(reported.first, dropped);

  const residual = await new Sequence(model).read(ids, run, {
    onSlice: (done) => run.report({ stage: 'reading', done, total: ids.length }),
  });

  const scored: TokenScore[] = [];
  for (let token = first; token < reported.end; ) {
    const index = reading.indexOf(token);
    // Nothing comes before the first id, so nothing predicts it.
    if (index === 0) {
      scored.push({ ...spanOf(model, tokens[token]!), logProb: null, rank: null, entropy: null, top: [] });
      token++;
      continue;
    }
    const count = Math.min(reported.end - token, model.pace.head.rows);
    const rows = residual.subarray((index - 1) * width, (index - 1 + count) * width);
    const slice = await predictions(model, rows, ids.slice(index, index + count), params.top, run);
    for (const [k, prediction] of slice.entries()) {
      scored.push({ ...spanOf(model, tokens[token + k]!), ...prediction });
    }
    token += count;
    await run.breathe();
  }

  const next = await distributionAt(model, residual.subarray(-width), nextAlternatives, run);
  return { receipt: await makeReceipt(params, dropped), tokens: scored, next: next.top };
}

/** @param residual `[N, C]`; `next` the N ids that came next */
async function predictions(
  model: Gpt2,
  residual: Float32Array,
  next: readonly number[],
  top: number,
  run: Run,
): Promise<Pick<TokenScore, 'logProb' | 'rank' | 'entropy' | 'top'>[]> {
  const { ort, config, tokenizer, pace } = model;
  const head = await model.headSession(run);
  const k = Math.max(1, Math.min(top, config.vocabularySize));
  const feeds = {
    residual: floats(ort, residual, [next.length, config.width]),
    next: integers(ort, next),
    k: integers(ort, [k]),
  };
  const names = ['log_prob', 'above', 'entropy', 'log_total', 'top_logits', 'top_ids'] as const;
  const out = await pace.head.time(next.length, () => fetch(head, feeds, names));
  return next.map((_, row) => ({
    logProb: out.log_prob[row] as number,
    rank: (out.above[row] as number) + 1,
    entropy: out.entropy[row] as number,
    top: Array.from({ length: Math.min(top, k) }, (_, place) => {
      const id = out.top_ids[row * k + place] as number;
      const logit = out.top_logits[row * k + place] as number;
      return {
        id,
        text: tokenizer.textOf(id),
        probability: Math.exp(logit - (out.log_total[row] as number)),
      };
    }),
  }));
}
