/** Long texts, rollout, foils of several tokens and penalised generation against transformers and PyTorch in float64. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sequence } from '../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../src/inference/question/openFunction.ts';
import { Run } from '../../src/inference/run.ts';
import type { AttendParams, ExplainParams } from '../../src/protocol/engine.ts';
import { chooseMethod } from '../../src/protocol/methods.ts';
import { type GoldenPhrase, sequenceOf } from './golden.ts';
import { assertNear } from './near.ts';
import { describeGolden } from './subject.ts';

describeGolden('verbs', (subject) => {
  const { modelDir, engine } = subject;

  const idsOf = ({ text, bos }: { text: string; bos: boolean }) => {
    const { tokenizer } = subject.model;
    return [...(bos ? [tokenizer.endOfText] : []), ...tokenizer.encode(text).map(({ id }) => id)];
  };

  test('scores of a text longer than the context, in strides', async () => {
    for (const { text, bos, stride, scores } of subject.verbs.windows) {
      const params = { modelDir, text, bos, range: null, top: 0, stride };
      const { tokens, receipt } = await engine.score(params, Run.detached());
      const what = `stride ${stride}${bos ? ' with BOS' : ''}`;
      assert.equal(receipt.droppedTokens, 0, what);
      assert.deepEqual(
        tokens.map(({ context }) => context),
        scores.map(({ context }) => context),
        what,
      );
      const logProbs = (list: readonly { logProb: number | null }[]) =>
        list.map(({ logProb }) => logProb ?? 0);
      assert.deepEqual(
        tokens.map(({ logProb }) => logProb === null),
        scores.map(({ logProb }) => logProb === null),
        what,
      );
      assertNear(logProbs(tokens), logProbs(scores), { relative: 1e-5, floor: 1e-4 }, what);
    }
  });

  const attend = (changes: Pick<AttendParams, 'text' | 'bos' | 'offset' | 'view'>) =>
    engine.attend({ modelDir, withoutFirst: false, top: 5, ...changes }, Run.detached());

  test('the attention of every query in every head, and what comes next', async () => {
    for (const { text, bos, ids, attentions, next, name } of subject.golden.sequences) {
      const tokens = subject.model.tokenizer.encode(text);
      const lead = bos ? 1 : 0;
      for (const [index, { start, end }] of tokens.entries()) {
        // An offset names the first of the tokens that share a character.
        if (end === start) continue;
        const query = index + lead;
        const {
          rows,
          heads,
          next: seen,
        } = await attend({ text, bos, offset: start, view: { kind: 'mean' } });
        for (const { layer, head, weights } of attentions) {
          const at = (layer * heads + head) * (query + 1);
          assertNear(
            rows.subarray(at, at + query + 1),
            weights.data.slice(query * ids.length, query * ids.length + query + 1),
            { relative: 1e-5, floor: 1e-6 },
            `${name} query ${query} in ${layer}.${head}`,
          );
        }
        if (query !== ids.length - 1) continue;
        assert.deepEqual(
          seen.map(({ id }) => id),
          next.map(({ id }) => id),
          name,
        );
      }
    }
  });

  test('rollout, in any order of queries', async () => {
    for (const rollout of subject.verbs.rollouts) {
      const { text, bos } = sequenceOf(subject.verbs, rollout);
      const tokens = subject.model.tokenizer.encode(text);
      const lead = bos ? 1 : 0;
      for (const { query, weights } of [...rollout.rows, ...rollout.rows.toReversed()]) {
        const token = tokens[query - lead];
        if (!token || token.start === token.end) continue;
        const seen = await attend({ text, bos, offset: token.start, view: { kind: 'rollout' } });
        assertNear(seen.weights, weights, { relative: 1e-5 }, `${rollout.sequence} rollout of ${query}`);
      }
    }
  });

  test('∂f/∂x with a foil of several tokens within 1e-4 of the largest', async () => {
    const { model } = subject;
    for (const phrase of subject.verbs.phrases) {
      const ids = idsOf(sequenceOf(subject.verbs, phrase));
      const asked = {
        ...{ ids, first: 0, count: ids.length, target: phrase.target, foil: phrase.foil.ids },
        ...({ objective: 'contrast', baseline: 'zero' } as const),
      };
      const f = await openFunction(model, new Sequence(model), asked, Run.detached());
      const [evaluation] = await f.gradients([{ from: 0, rows: f.x }]);
      f.release();
      const what = `${phrase.sequence} #${phrase.target} against ${phrase.foil.ids}`;
      assertNear([evaluation?.value ?? Number.NaN], [phrase.value], { relative: 1e-5, floor: 1e-5 }, what);
      assertNear(evaluation?.gradient ?? [], phrase.gradient.data, { relative: 1e-4 }, what);
    }
  });

  test('scores with a foil of several tokens', async () => {
    for (const phrase of subject.verbs.phrases) {
      for (const path of phrase.paths) {
        const expected = { 'integrated-gradients': path.captum.scores, occlusion: path.occlusion } as const;
        for (const [method, scores] of Object.entries(expected) as ['occlusion', number[]][]) {
          const result = await explain(phrase, path, method);
          const what = `${phrase.sequence} against ${phrase.foil.text} ${path.range} ${path.baseline} ${method}`;
          const floor = 4e-6 * Math.max(Math.abs(phrase.value), Math.abs(path.baselineValue));
          assertNear(
            result.tokens.map(({ score }) => score),
            scores,
            { relative: 1e-4, floor },
            what,
          );
          assertNear(
            [result.value, result.baselineValue],
            [phrase.value, path.baselineValue],
            { relative: 1e-5, floor: 1e-5 },
            `${what} f`,
          );
          const { foil, receipt } = result;
          assert.deepEqual([foil?.ids, foil?.text], [phrase.foil.ids, phrase.foil.text], what);
          assert.deepEqual([foil?.id, receipt.foil], [phrase.foil.ids[0], phrase.foil.ids], what);
          assertNear([foil?.probability ?? Number.NaN], [phrase.foil.probability], { relative: 1e-4 }, what);
        }
      }
    }
  });

  function explain(
    phrase: GoldenPhrase,
    { range: [first, last], baseline, captum }: GoldenPhrase['paths'][0],
    method: ExplainParams['method'],
  ) {
    const { text, bos } = sequenceOf(subject.verbs, phrase);
    const tokens = subject.model.tokenizer.encode(text);
    const params: ExplainParams = {
      ...{ modelDir, text, bos, at: { kind: 'end' }, baseline },
      range: { start: tokens[first]?.start ?? 0, end: tokens[last - 1]?.end ?? 0 },
      target: { kind: 'id', id: phrase.target },
      foil: { kind: 'text', text: phrase.foil.text },
      objective: 'contrast',
      ...chooseMethod(method, { steps: captum.steps }),
    };
    return engine.explain(params, Run.detached());
  }

  test('greedy generation with a repetition penalty', async () => {
    for (const penalized of subject.verbs.penalties) {
      const { text, bos } = sequenceOf(subject.verbs, penalized);
      const { tokens: expected, penalty: repetitionPenalty, sequence } = penalized;
      const sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty };
      const wish = { sequences: 1, maxTokens: expected.length, seed: 0, stop: [], first: null };
      const { sequences } = await engine.generate(
        { modelDir, text, bos, ...wish, ...sampling },
        Run.detached(),
      );
      const tokens = sequences[0]?.tokens ?? [];
      assert.deepEqual(
        tokens.map(({ id }) => id),
        expected.map(({ id }) => id),
        sequence,
      );
      const logProbs = (list: { logProb: number }[]) => list.map(({ logProb }) => logProb);
      assertNear(logProbs(tokens), logProbs(expected), { relative: 1e-4, floor: 1e-4 }, sequence);
    }
  });
});
