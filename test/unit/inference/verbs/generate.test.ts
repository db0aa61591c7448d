/** What becomes of logits and tokens: sampling, penalty, stop texts, a first token, and what is told of each. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { penalize } from '../../../../src/inference/generation/penalty.ts';
import { randomNumbers, sample } from '../../../../src/inference/generation/sampling.ts';
import { Transcript } from '../../../../src/inference/generation/transcript.ts';
import { distributionAt } from '../../../../src/inference/gpt2/distribution.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import { generate as generateWith } from '../../../../src/inference/verbs/generate.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import type { GeneratedPiece, GenerateParams, Progress } from '../../../../src/protocol/engine.ts';
import type { GeneratedToken } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { explainRequest, generateRequest, scoreRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const logits = fc
  .array(fc.float({ min: -30, max: 30, noNaN: true }), { minLength: 2, maxLength: 40 })
  .map((values) => Float32Array.from(values));

describe('sampling', () => {
  /** Sorts everything, as one would write it down. */
  function reference(
    z: Float32Array,
    { temperature, topK, topP }: Pick<GenerateParams, 'temperature' | 'topK' | 'topP'>,
    random: () => number,
  ): number {
    const best = Math.max(...z);
    const all = Array.from(z, (logit, id) => ({ id, weight: Math.exp((logit - best) / temperature) }));
    if (topK > 0 || topP < 1) all.sort((a, b) => b.weight - a.weight || a.id - b.id);
    const kept = topK > 0 ? all.slice(0, topK) : all;
    const total = kept.reduce((sum, { weight }) => sum + weight, 0);
    let sum = 0;
    const last = kept.findIndex(({ weight }) => {
      sum += weight;
      return topP < 1 && sum >= topP * total;
    });
    const nucleus = last < 0 ? kept : kept.slice(0, last + 1);
    let rest = random() * nucleus.reduce((mass, { weight }) => mass + weight, 0);
    const drawn = nucleus.find(({ weight }) => {
      rest -= weight;
      return rest < 0;
    });
    return (drawn ?? nucleus.at(-1))?.id ?? -1;
  }

  test('draws what sorting everything draws', () => {
    const settings = fc.record({
      temperature: fc.constantFrom(0.1, 0.8, 1, 5),
      // 1 is greedy.
      topK: fc.oneof(fc.constant(0), fc.integer({ min: 2, max: 45 })),
      topP: fc.constantFrom(0, 0.1, 0.5, 0.95, 0.9999, 1),
    });
    fc.assert(
      fc.property(logits, settings, fc.nat(), (z, setting, seed) => {
        const [random, again] = [randomNumbers(seed, 0), randomNumbers(seed, 0)];
        for (let draw = 0; draw < 5; draw++) {
          assert.equal(sample(z, setting, random), reference(z, setting, again));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('greedy takes the largest, the first of equals', () => {
    const greedy = { temperature: 0, topK: 0, topP: 1 };
    assert.equal(sample(Float32Array.of(1, 3, 3, 2), greedy, Math.random), 1);
    assert.equal(sample(Float32Array.of(1, 3, 3, 2), { ...greedy, temperature: 9, topK: 1 }, Math.random), 1);
  });
});

describe('the repetition penalty', () => {
  test('makes each token that occurred less probable once, and changes no other token and not the given logits', () => {
    const z = Float32Array.of(2, -2, 0, 5);
    assert.deepEqual([...penalize(z, new Set([0, 1, 2]), 2)], [1, -4, 0, 5]);
    assert.deepEqual([...penalize(z, new Set([3]), 0.5)], [2, -2, 0, 10]);
    assert.equal(penalize(z, new Set([0, 1]), 1), z);
    assert.deepEqual([...z], [2, -2, 0, 5]);
  });
});

describe('a transcript', () => {
  const token = (id: number): GeneratedToken => ({
    ...{ id, text: '', logProb: 0, rank: 1, entropy: 0, top: [] },
  });

  /** Pieces of UTF-8, cut anywhere, that may spell stop texts. */
  const tokens = fc
    .array(fc.constantFrom('a', 'b', 'ab', 'ba', '\n', '🙂', 'é', '\ufffd'), { maxLength: 14 })
    .chain((parts) => {
      const bytes = Buffer.from(parts.join(''));
      // Some tokens have no bytes.
      return fc.array(fc.nat(bytes.length), { maxLength: bytes.length }).map((cuts) => {
        const bounds = [0, ...cuts, bytes.length].sort((a, b) => a - b);
        return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
      });
    })
    // A sequence may end inside of a character.
    .chain((whole) => fc.nat(whole.length).map((count) => whole.slice(0, count)));
  const stops = fc.uniqueArray(fc.constantFrom('a', 'ab', 'aba', 'bb', '\n', '🙂', 'b🙂', 'é\n', '\ufffd'), {
    maxLength: 3,
  });

  function write(pieces: readonly Uint8Array[], stop: readonly string[]) {
    const transcript = new Transcript(stop);
    const written = [];
    let count = 0;
    for (const bytes of pieces) {
      written.push(...transcript.add(token(count++), bytes));
      if (transcript.isStopped) break;
    }
    written.push(...transcript.end());
    return { transcript, written, count };
  }

  /** The earliest stop text in what has been decoded when one is complete for the first time. */
  function expectedText(pieces: readonly Uint8Array[], stop: readonly string[]) {
    const first = (text: string) => Math.min(...stop.map((one) => text.indexOf(one)).filter((at) => at >= 0));
    for (let count = 1; count <= pieces.length; count++) {
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
        Buffer.concat(pieces.slice(0, count)),
        { stream: true },
      );
      if (Number.isFinite(first(text))) return { text: text.slice(0, first(text)), count, isStopped: true };
    }
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(pieces));
    const at = first(text);
    if (Number.isFinite(at)) return { text: text.slice(0, at), count: pieces.length, isStopped: true };
    return { text, count: pieces.length, isStopped: false };
  }

  test('ends before the first stop text, and its pieces make it up', () => {
    fc.assert(
      fc.property(tokens, stops, (pieces, stop) => {
        const { transcript, written, count } = write(pieces, stop);
        const expected = expectedText(pieces, stop);
        assert.equal(transcript.text, expected.text);
        assert.equal(transcript.isStopped, expected.isStopped);
        assert.equal(count, expected.count);
        for (const one of stop) assert.ok(!transcript.text.includes(one));
        assert.equal(written.map(({ text }) => text).join(''), transcript.text);
        assert.deepEqual(
          written.map((one) => one.token),
          transcript.tokens,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('has the tokens that the text shows something of, in order', () => {
    fc.assert(
      fc.property(tokens, stops, (pieces, stop) => {
        const { transcript } = write(pieces, stop);
        const ids = transcript.tokens.map(({ id }) => id);
        assert.deepEqual(ids, [...ids.keys()], 'none is left out');
        if (!transcript.isStopped) return assert.equal(ids.length, pieces.length);
        const bytes = Buffer.byteLength(transcript.text);
        const starts = pieces.map((_, index) => Buffer.concat(pieces.slice(0, index)).length);
        assert.deepEqual(
          ids,
          [...starts.keys()].filter((index) => (starts[index] as number) < bytes),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('reports a token as soon as it is certain', () => {
    const transcript = new Transcript(['ab\n']);
    const add = (id: number, text: string) =>
      transcript.add(token(id), Buffer.from(text)).map((one) => [one.token.id, one.text]);
    assert.deepEqual(add(0, 'x'), [[0, 'x']]);
    assert.deepEqual(add(1, 'ya'), []);
    assert.deepEqual(add(2, 'b'), []);
    assert.deepEqual(add(3, 'a'), [
      [1, 'ya'],
      [2, 'b'],
    ]);
    assert.deepEqual(add(4, 'b'), []);
    assert.deepEqual(add(5, '\nz'), []);
    assert.deepEqual([transcript.text, transcript.isStopped], ['xyab', true]);
    assert.deepEqual(
      transcript.tokens.map(({ id }) => id),
      [0, 1, 2],
    );
  });
});

const contextLength = 40;
const text = 'The quick brown fox';
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 5 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const generate = (
  changes: Partial<GenerateParams> = {},
  run: Run<Progress<GeneratedPiece>> = Run.detached(),
) => generateWith(model, generateRequest({ modelDir, text, ...changes }), run);

describe('generate', () => {
  test('begins with the requested id, and has the model’s own numbers for it', async () => {
    const next = ' x';
    const [id] = model.tokenizer.encode(next).map((one) => one.id);
    const { sequences, receipt } = await generate({ first: id as number, sequences: 2 });
    const range = { start: text.length, end: text.length + next.length };
    const { tokens } = await score(
      model,
      scoreRequest({ modelDir, text: text + next, range, top: 5 }),
      Run.detached(),
    );
    const [expected] = tokens;
    for (const { tokens: generated } of sequences) {
      const [token] = generated;
      assert.equal(token?.id, expected?.id);
      assert.deepEqual([token?.rank, token?.text], [expected?.rank, expected?.text]);
      assertNear([token?.logProb ?? 0], [expected?.logProb ?? 1], { relative: 1e-5 }, 'log-probability');
      assertNear([token?.entropy ?? 0], [expected?.entropy ?? 1], { relative: 1e-5 }, 'entropy');
      assert.deepEqual(
        token?.top.map((one) => one.id),
        expected?.top.map((one) => one.id),
      );
      const probabilities = (list?: { probability: number }[]) => list?.map((one) => one.probability) ?? [];
      assertNear(probabilities(token?.top), probabilities(expected?.top), { relative: 1e-5 }, 'top');
    }
    assert.equal(receipt.first, id);
    await assert.rejects(generate({ first: 300 }), { code: 'token-unknown' });
  });

  test('has the same numbers for every later token as scoring the whole text', async () => {
    const { sequences } = await generate({ temperature: 3, maxTokens: 6, seed: 4 });
    const generated = sequences[0]?.tokens ?? [];
    const ids = [...model.tokenizer.encode(text).map(({ id }) => id), ...generated.map(({ id }) => id)];
    assert.equal(generated.length, 6);
    for (const [index, token] of generated.entries()) {
      const before = ids.slice(0, ids.length - generated.length + index);
      const expected = await model.memory.readings.use(before, before.length - 1, async (sequence) => {
        const residual = await sequence.read(before.slice(sequence.length), Run.detached());
        return distributionAt(model, residual.subarray(-model.config.width), 5, Run.detached());
      });
      const ranked = [...expected.logits].filter((logit) => logit > (expected.logits[token.id] as number));
      assert.ok(Math.abs(token.rank - ranked.length - 1) <= 1, `rank ${token.rank} of ${ranked.length + 1}`);
      const p = Array.from(expected.logits, (_, id) => expected.probability(id));
      const entropy = -p.reduce((sum, one) => sum + one * Math.log(one), 0);
      assertNear([token.entropy], [entropy], { relative: 1e-5 }, 'entropy');
      assertNear([token.logProb], [expected.logProbability(token.id)], { relative: 1e-5 }, 'log-probability');
    }
  });

  test('ends for a reason', async () => {
    const endOf = async (changes: Partial<GenerateParams>) => {
      const { sequences } = await generate(changes);
      return [sequences[0]?.ended, sequences[0]?.tokens.length];
    };
    assert.deepEqual(await endOf({ maxTokens: 3 }), ['length', 3]);
    assert.deepEqual(await endOf({ maxTokens: 0 }), ['length', 0]);
    const { endOfText } = model.tokenizer;
    assert.deepEqual(await endOf({ first: endOfText }), ['end-of-text', 0]);
    const room = contextLength - model.tokenizer.encode(text).length;
    assert.deepEqual(await endOf({ maxTokens: room + 1, stop: [] }), ['length', room + 1]);
    assert.deepEqual(await endOf({ maxTokens: room + 2 }), ['context', room + 1]);
  });

  test('ends before a stop text, streams what it returns, and stamps it', async () => {
    const { sequences: free } = await generate({ maxTokens: 12, temperature: 2, sequences: 3, seed: 7 });
    const whole = free.map((sequence) => sequence.text);
    // Inside of the first sequence, over two of its tokens.
    const stop = [whole[0]?.slice(3, 6) as string, 'not there at all'];
    assert.equal(stop[0]?.length, 3);
    const pieces: GeneratedPiece[] = [];
    const run = new Run<Progress<GeneratedPiece>>(new AbortController().signal, ({ partial }) => {
      if (partial) pieces.push(partial);
    });
    const { sequences, receipt } = await generate(
      { maxTokens: 12, temperature: 2, sequences: 3, seed: 7, stop },
      run,
    );
    assert.deepEqual(receipt.stop, stop);
    for (const [index, sequence] of sequences.entries()) {
      const at: number = whole[index]?.indexOf(stop[0] as string) ?? -1;
      assert.equal(sequence.text, at < 0 ? whole[index] : whole[index]?.slice(0, at));
      assert.equal(sequence.ended, at < 0 ? free[index]?.ended : 'stop');
      const own = pieces.filter((piece) => piece.sequence === index);
      assert.equal(own.map((piece) => piece.text).join(''), sequence.text);
      assert.deepEqual(
        own.map((piece) => piece.token),
        sequence.tokens,
      );
    }
    assert.equal(sequences[0]?.ended, 'stop');
  });

  test('a penalty keeps greedy text from repeating itself, and log-probabilities are the model’s own', async () => {
    const repeated = 'x x x x x x x x';
    const free = (await generate({ text: repeated, maxTokens: 10 })).sequences[0]?.tokens ?? [];
    const penalized = await generate({ text: repeated, maxTokens: 10, repetitionPenalty: 5 });
    const tokens = penalized.sequences[0]?.tokens ?? [];
    const distinct = (list: readonly GeneratedToken[]) => new Set(list.map(({ id }) => id)).size;
    assert.ok(distinct(tokens) > distinct(free), `${distinct(tokens)} > ${distinct(free)}`);
    const { next } = await explain(model, explainRequest({ modelDir, text: repeated }), Run.detached());
    assertNear(
      tokens[0]?.top.map(({ probability }) => probability) ?? [],
      next.slice(0, 5).map(({ probability }) => probability),
      { relative: 1e-5 },
      'top',
    );
    assert.equal(penalized.receipt.repetitionPenalty, 5);
  });
});
