/** Segments on functions of which parts of a text are there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completenessError, type ExplainedFunction } from '../../../../src/inference/attribution/method.ts';
import { attribute } from '../../../../src/inference/attribution/methods.ts';
import { chooseMethod, type MethodOptionValues } from '../../../../src/protocol/methods.ts';
import { MaskedFunction, type Payoff, uneven } from '../../../fixtures/maskedFunction.ts';

const explain = (
  f: MaskedFunction,
  options: Partial<MethodOptionValues> = {},
  refine: Parameters<typeof attribute>[2] = () => {},
) => attribute(chooseMethod('segments', options), f as unknown as ExplainedFunction, refine);

/** Tokens in segments of so many. */
function inSegments(sizes: readonly number[], payoff: Payoff) {
  const numbers = sizes.flatMap((size, segment) => new Array<number>(size).fill(segment));
  const asked: string[] = [];
  const parts = (partition: string) => {
    asked.push(partition);
    return numbers;
  };
  const f = new MaskedFunction(numbers.length, payoff, { parts });
  return { f, asked, numbers };
}

test('up to 8 segments have their exact Shapley values, which their tokens share', async () => {
  const { f, asked, numbers } = inSegments([3, 1, 2], uneven);
  const { scores, segments, standardErrors, fit, ...ends } = await explain(f, { segments: 'lines' });
  assert.deepEqual(asked, ['lines']);
  assert.equal(f.evaluations, 8);
  // A segment is there with all of its tokens, or it is not.
  const whole: Payoff = (present) => uneven(numbers.map((segment) => present[segment]!));
  const alone = await attribute(
    chooseMethod('shapley'),
    new MaskedFunction(3, whole) as unknown as ExplainedFunction,
    () => {},
  );
  assert.deepEqual(
    segments?.map(({ first, count, score }) => [first, count, score]),
    [
      [0, 3, alone.scores[0]],
      [3, 1, alone.scores[1]],
      [4, 2, alone.scores[2]],
    ],
  );
  for (const [token, segment] of numbers.entries()) {
    assert.equal(scores[token], segments![segment]!.score / segments![segment]!.count);
  }
  assert.ok(Math.abs(completenessError({ scores, ...ends })) < 1e-12);
  assert.equal(standardErrors, undefined);
  assert.deepEqual([fit?.measure, fit?.masks], ['lds', 8]);
  assert.ok(fit?.value && fit.value > 0.5 && fit.value <= 1);
});

const planted = (segment: number) => (segment % 4 === 0 ? 2 + segment / 10 : 0);
const sparse: Payoff = (present) =>
  present.reduce((sum, here, token) => sum + (token % 2 === 0 ? here * planted(token / 2) : 0), 1);

test('more segments: a sparse sum is found with 64 masks, and nothing else', async () => {
  const count = 20;
  const { f } = inSegments(new Array<number>(count).fill(2), sparse);
  const seen: [evaluations: number, segments: number | undefined][] = [];
  const { segments, fit, standardErrors } = await explain(f, { seed: 3 }, (...refinement) => {
    seen.push([f.evaluations, refinement[3]?.length]);
  });
  assert.ok(segments && standardErrors);
  for (const [segment, { score, standardError = Number.NaN }] of segments.entries()) {
    const wanted = planted(segment);
    // The LASSO takes α from each standardised weight.
    assert.ok(Math.abs(score - wanted) < 0.03, `segment ${segment}: ${score}, planted ${wanted}`);
    assert.ok(standardError >= 0 && standardError < 0.1);
    if (wanted === 0) assert.ok(Math.abs(score) < 0.005, `segment ${segment}: ${score}`);
  }
  assert.deepEqual([fit?.measure, fit?.masks], ['lds', 32]);
  assert.ok(fit?.value && fit.value > 0.99);
  // f(x), f without all and 64 masks come first; the masks that it is judged by after.
  assert.ok(seen.length === 1 && seen[0]![0] <= 66 && seen[0]![1] === count);
  assert.ok(f.evaluations > 66 && f.evaluations <= 66 + 32);
});

test('the masks that it is judged by are not those that it was fitted to', async () => {
  // Every mask has a value of its own that no sum can tell: what was fitted to them says nothing of others.
  const noise: Payoff = (present) => {
    const code = present.reduce((sum, here, token) => (sum * 31 + here * (token + 7)) % 9973, 1);
    return Math.sin(code * code);
  };
  const values: number[] = [];
  for (let seed = 0; seed < 16; seed++) {
    const { f } = inSegments(new Array<number>(12).fill(1), noise);
    values.push((await explain(f, { seed, masks: 30 })).fit!.value!);
  }
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  assert.ok(Math.abs(mean) < 0.25, `${mean}`);
});

test('the standard error is how far the weights move with the masks', async () => {
  const count = 12;
  const results: { score: number; standardError?: number }[][] = [];
  for (let seed = 0; seed < 30; seed++) {
    const { f } = inSegments(new Array<number>(count).fill(1), uneven);
    results.push([...(await explain(f, { seed, masks: 200 })).segments!]);
  }
  let [told, seen] = [0, 0];
  for (let segment = 0; segment < count; segment++) {
    const scores = results.map((result) => result[segment]!.score);
    const mean = scores.reduce((sum, one) => sum + one, 0) / scores.length;
    seen += scores.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (scores.length - 1);
    told += results.reduce((sum, result) => sum + result[segment]!.standardError! ** 2, 0) / results.length;
  }
  const ratio = Math.sqrt(told / seen);
  assert.ok(ratio > 0.75 && ratio < 1.35, `${ratio}`);
});

test('tokens in no segment stay, and have no score', async () => {
  const numbers = [-1, 0, 0, -1, 1, -1];
  const f = new MaskedFunction(6, uneven, { parts: () => numbers });
  const { scores, segments } = await explain(f, { segments: '1-3,4-5' });
  assert.deepEqual(
    segments?.map(({ first, count }) => [first, count]),
    [
      [1, 2],
      [4, 1],
    ],
  );
  assert.deepEqual([scores[0], scores[3], scores[5]], [0, 0, 0]);
  for (const sets of f.calls) for (const set of sets) assert.ok(set.every((token) => numbers[token] !== -1));
});

test('ranges without any explained token are refused', async () => {
  const f = new MaskedFunction(2, uneven, { parts: () => [-1, -1] });
  await assert.rejects(explain(f, { segments: '90-99' }), {
    code: 'option-invalid',
    facts: { option: 'segments', value: '90-99', expected: 'ranges with tokens that are explained' },
  });
});

test('one segment gets all, and nothing is said of a fit', async () => {
  const { f } = inSegments([4], uneven);
  const { segments, fit, value, baselineValue } = await explain(f);
  assert.deepEqual([segments?.length, segments?.[0]?.score, fit], [1, value - baselineValue, undefined]);
});
