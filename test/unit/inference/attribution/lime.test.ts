/** LIME on functions whose weights are known. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attribution, ExplainedFunction } from '../../../../src/inference/attribution/method.ts';
import { attribute } from '../../../../src/inference/attribution/methods.ts';
import { chooseMethod, type MethodOptionValues } from '../../../../src/protocol/methods.ts';
import { MaskedFunction, type Payoff, uneven } from '../../../fixtures/maskedFunction.ts';

const explain = (
  f: MaskedFunction,
  options: Partial<MethodOptionValues> = {},
  refine: Parameters<typeof attribute>[2] = () => {},
): Promise<Attribution> =>
  attribute(chooseMethod('lime', options), f as unknown as ExplainedFunction, refine);

const planted = (token: number) => 2 * Math.sin(token + 1);
const sum: Payoff = (present) => present.reduce((total, here, token) => total + here * planted(token), 3);

test('recovers a planted sum, less what the ridge takes, and fits it', async () => {
  const count = 12;
  let before = Number.POSITIVE_INFINITY;
  for (const masks of [100, 1000, 10_000]) {
    const { scores, standardErrors, fit } = await explain(new MaskedFunction(count, sum), { masks });
    const errors = Array.from(scores, (score, token) => Math.abs(score - planted(token)));
    const worst = Math.max(...errors);
    assert.ok(worst < before / 3, `${worst} with ${masks} masks`);
    before = worst;
    assert.ok(fit?.value && fit.value > 0.98, `${fit?.value}`);
    assert.ok(standardErrors?.every((error) => error < 0.1));
  }
  assert.ok(before < 0.01, `${before}`);
});

test('another seed moves the weights by what the standard error says', async () => {
  const count = 14;
  const results: Attribution[] = [];
  for (let seed = 0; seed < 40; seed++) {
    results.push(await explain(new MaskedFunction(count, uneven), { seed, masks: 400 }));
  }
  let [told, seen] = [0, 0];
  for (let token = 0; token < count; token++) {
    const scores = results.map((result) => result.scores[token]!);
    const mean = scores.reduce((total, one) => total + one, 0) / scores.length;
    seen += scores.reduce((total, one) => total + (one - mean) ** 2, 0) / (scores.length - 1);
    told += results.reduce((total, one) => total + one.standardErrors![token]! ** 2, 0) / results.length;
  }
  const ratio = Math.sqrt(told / seen);
  assert.ok(ratio > 0.8 && ratio < 1.25, `${ratio}`);
});

test('takes as many masks as it is given, the whole text among them, and a first picture early', async () => {
  const f = new MaskedFunction(40, uneven);
  const seen: [evaluations: number, ends: boolean][] = [];
  const { fit } = await explain(
    f,
    { masks: 1000 },
    (_, ends) => void seen.push([f.evaluations, ends !== null]),
  );
  assert.equal(fit?.masks, 1000);
  // All but equal ones, and f without all tokens.
  assert.ok(f.evaluations > 950 && f.evaluations <= 1001, `${f.evaluations}`);
  assert.ok(seen[0]![0] <= 82 && seen.length > 2 && seen.every(([, ends]) => ends));
  assert.deepEqual(f.calls[0]![0], []);
});

test('a single mask, and a function that never changes, are told as they are', async () => {
  const one = await explain(new MaskedFunction(5, uneven), { masks: 1 });
  assert.deepEqual([...one.scores], [0, 0, 0, 0, 0]);
  assert.deepEqual([one.standardErrors, one.fit], [undefined, { measure: 'r2', value: null, masks: 1 }]);
  const same = await explain(new MaskedFunction(5, () => 2));
  assert.ok(same.scores.every((score) => Math.abs(score) < 1e-12));
  assert.equal(same.fit?.value, null);
});
