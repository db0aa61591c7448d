/** Tokens, logits, attentions, hidden states, scores and generation against Hugging Face transformers in float64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sequence } from '../../src/inference/gpt2/sequence.ts';
import { Run } from '../../src/inference/run.ts';
import { fetch } from '../../src/inference/runtime/fetch.ts';
import { floats, integers, range } from '../../src/inference/runtime/tensors.ts';
import { assertNear } from './near.ts';
import { describeGolden } from './subject.ts';

describeGolden('forward pass', (subject) => {
  const { modelDir, engine } = subject;

  test('tokens: ids, bytes and UTF-16 ranges', () => {
    const { golden, model } = subject;
    assert.equal(model.tokenizer.endOfText, golden.endOfText);
    for (const { text, tokens } of golden.tokenizations) {
      const encoded = model.tokenizer.encode(text);
      const seen = encoded.map(({ id, bytes, start, end }) => ({
        id,
        hex: Buffer.from(bytes).toString('hex'),
        start,
        end,
      }));
      assert.deepEqual(
        seen,
        tokens.map(({ id, hex, start, end }) => ({ id, hex, start, end })),
        JSON.stringify(text),
      );
    }
  });

  test('logits within 1e-4 of the largest', async () => {
    const { golden, model } = subject;
    for (const { name: sequence, ids, logits } of golden.sequences) {
      const { width } = model.config;
      const residual = await new Sequence(model).read(ids, Run.detached());
      const head = await model.programs.head(Run.detached());
      for (const { row, stride, values } of logits) {
        const out = await fetch(
          head,
          {
            residual: floats(residual.subarray(row * width, (row + 1) * width), [1, width]),
            next: integers([0]),
            k: integers([1]),
          },
          ['logits'],
        );
        const kept = out.logits.filter((_, id) => id % stride === 0);
        assertNear(kept, values, { relative: 1e-4 }, `${sequence} logits of row ${row}`);
      }
    }
  });

  test('hidden states before every layer and after the last', async () => {
    const { golden, model } = subject;
    for (const { name: sequence, ids, residuals } of golden.sequences) {
      if (!residuals) continue;
      const { layers, width } = model.config;
      const variant = { past: false, patterns: 'none', residuals: true, headMask: false } as const;
      const [program] = await model.programs.decode(Run.detached(), variant);
      const feeds = { ids: integers(ids), positions: range(0, ids.length) };
      const names = Array.from({ length: layers }, (_, layer) => `residual.${layer}`);
      names.push('residual');
      const out = await fetch(program!, feeds, names);
      for (const [layer, output] of names.entries()) {
        const size = ids.length * width;
        const expected = residuals.data.slice(layer * size, (layer + 1) * size);
        assertNear(out[output] ?? [], expected, { relative: 1e-5 }, `${sequence} ${output}`);
      }
    }
  });

  test('attentions, and each row a distribution over the past', async () => {
    const { golden } = subject;
    for (const { name: sequence, text, bos, attentions, ids } of golden.sequences) {
      const maps = await engine.attention({ modelDir, text, bos, layers: null, heads: null }, Run.detached());
      const count = ids.length;
      for (const map of maps.attention.flat()) {
        for (let query = 0; query < count; query++) {
          const row = map.subarray(query * count, (query + 1) * count);
          assertNear([row.reduce((sum, weight) => sum + weight, 0)], [1], { relative: 1e-5 }, 'row sum');
          assert.ok(
            row.subarray(query + 1).every((weight) => weight === 0),
            'no attention to the future',
          );
        }
      }
      for (const { layer, head, weights } of attentions) {
        const map = maps.attention[layer]?.[head] ?? [];
        assertNear(map, weights.data, { relative: 1e-5 }, `${sequence} attention ${layer}.${head}`);
      }
    }
  });

  test('log-probability, rank and entropy of every token; what comes next', async () => {
    const { golden } = subject;
    for (const { name: sequence, text, bos, scores, next } of golden.sequences) {
      const scored = await engine.score(
        { modelDir, text, bos, range: null, top: 3, stride: null },
        Run.detached(),
      );
      assert.equal(scored.tokens.length, scores.length);
      for (const [index, expected] of scores.entries()) {
        const token = scored.tokens[index];
        const what = `${sequence} token ${index}`;
        if (expected.logProb === null || expected.entropy === null || expected.rank === null) {
          assert.deepEqual([token?.logProb, token?.rank, token?.entropy], [null, null, null], what);
          continue;
        }
        assertNear([token?.logProb ?? Number.NaN], [expected.logProb], { relative: 1e-5, floor: 1e-4 }, what);
        assertNear([token?.entropy ?? Number.NaN], [expected.entropy], { relative: 1e-4, floor: 1e-4 }, what);
        const [best, worst] = expected.rank;
        assert.ok(token?.rank && token.rank >= best && token.rank <= worst, `${what}: rank ${token?.rank}`);
      }
      assert.deepEqual(
        scored.next.slice(0, next.length).map(({ id }) => id),
        next.map(({ id }) => id),
        sequence,
      );
      const probabilities = (list: { probability: number }[]) => list.map(({ probability }) => probability);
      const seen = probabilities(scored.next.slice(0, next.length));
      assertNear(seen, probabilities(next), { relative: 1e-4 }, `${sequence} next`);
    }
  });

  test('greedy generation through the KV cache', async () => {
    const { golden } = subject;
    for (const { text, bos, greedy, name: sequence } of golden.sequences) {
      if (greedy.length === 0) continue;
      const sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, stop: [], first: null };
      const { sequences } = await engine.generate(
        { modelDir, text, bos, sequences: 1, maxTokens: greedy.length, seed: 0, ...sampling },
        Run.detached(),
      );
      const tokens = sequences[0]?.tokens ?? [];
      assert.deepEqual(
        tokens.map(({ id }) => id),
        greedy.map(({ id }) => id),
        sequence,
      );
      const logProbs = (list: { logProb: number }[]) => list.map(({ logProb }) => logProb);
      assertNear(
        logProbs(tokens),
        logProbs(greedy),
        { relative: 1e-4, floor: 1e-4 },
        `${sequence} log-probs`,
      );
    }
  });
});
