/** Predictions inside of the text, and foils of several tokens. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { openFunction } from '../../../../src/inference/question/openFunction.ts';
import { PhraseContrast, phraseTerms } from '../../../../src/inference/question/phraseContrast.ts';
import { Run } from '../../../../src/inference/run.ts';
import { explain as explainWith } from '../../../../src/inference/verbs/explain.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import type { Progress } from '../../../../src/protocol/engine.ts';
import { attributionMethods, describeMethod } from '../../../../src/protocol/methods.ts';
import type { Explanation, PartialExplanation } from '../../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { countingModel } from '../../../fixtures/countingModel.ts';
import { type ExplainChanges, explainRequest, scoreRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const contextLength = 24;
const text = 'a 🙂 in the box';
const emoji = 2;
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength, vocabularySize: 300, seed: 5 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const explain = (changes: ExplainChanges = {}, run: Run<Progress<PartialExplanation>> = Run.detached()) =>
  explainWith(model, explainRequest({ modelDir, text, ...changes }), run);
const scores = ({ tokens }: Explanation) => tokens.map(({ score }) => score);
const near = (actual: number | undefined, expected: number | undefined, what: string) =>
  assertNear([actual ?? Number.NaN], [expected ?? Number.NaN], { relative: 1e-5, floor: 1e-5 }, what);

describe('a position given by an offset', () => {
  test('is that of the token whose character covers it', async () => {
    const tokens = model.tokenizer.encode(text);
    for (let offset = 1; offset < text.length; offset++) {
      const { target, receipt, tokens: explained } = await explain({ at: { kind: 'offset', offset } });
      const { span, position } = target;
      assert.ok(span && span.start <= offset && offset < span.end, `${offset}: ${JSON.stringify(span)}`);
      assert.deepEqual([tokens[position]?.start, tokens[position]?.end], [span.start, span.end]);
      assert.equal(receipt.at, position);
      assert.equal(explained.at(-1)?.end, span.start, 'up to the prediction');
      assert.equal(explained.length, position);
    }
    const inside = await explain({ at: { kind: 'offset', offset: emoji + 1 } });
    assert.deepEqual(inside.target.span, { start: emoji, end: emoji + 2 });
    assert.ok(tokens[inside.target.position + 1]?.end === emoji + 2, 'the first of several tokens');
  });

  test('at the end of the text is after it', async () => {
    const { target, tokens } = await explain({ at: { kind: 'offset', offset: text.length } });
    assert.deepEqual([target.span, target.position], [null, tokens.length]);
    assert.equal(tokens.at(-1)?.end, text.length);
  });

  test('gives the same as the position given as a token, without the tokens that cannot have influenced it', async () => {
    const cut = await explain({ at: { kind: 'offset', offset: 8 }, method: 'occlusion' });
    const { position: index } = cut.target;
    const whole = await explain({ at: { kind: 'token', index }, method: 'occlusion' });
    assertNear(scores(cut), scores(whole).slice(0, index), { relative: 1e-5 }, 'scores');
    assert.deepEqual(scores(whole).slice(index), Array(whole.tokens.length - index).fill(0));
    assert.deepEqual(whole.receipt.range, { start: 0, end: text.length });
    assert.deepEqual(cut.receipt.range, { start: 0, end: cut.target.span?.start });
  });

  test('does not depend on what comes after it', async (t) => {
    const [first, other] = [`${text.slice(0, 8)} one`, `${text.slice(0, 8)} two, three`];
    const { fresh, rows } = await countingModel(t, modelDir);
    const range = { start: 0, end: 8 };
    const results = [];
    for (const one of [first, other]) {
      const request = explainRequest({ modelDir, text: one, range, at: { kind: 'offset', offset: 8 } });
      results.push(await explainWith(fresh, request, Run.detached()));
    }
    near(results[0]?.value, results[1]?.value, 'f(x)');
    const { position } = results[0]?.target ?? { position: 0 };
    const read = rows();
    assert.ok(read > 0 && read <= position + 1, `${read} of ${position}`);
  });

  test('far inside a long text has its own window', async () => {
    const long = 'the box '.repeat(20);
    const at = (offset: number) =>
      explain({ text: long, range: { start: 0, end: long.length }, at: { kind: 'offset', offset } });
    const early = await at(8);
    assert.equal(early.receipt.droppedTokens, 0);
    const late = await at(120);
    assert.equal(late.receipt.droppedTokens, late.target.position - contextLength);
    assert.equal(late.tokens.length, contextLength);
  });

  test('is refused if no token of the range comes before it', async () => {
    const range = { start: 5, end: text.length };
    for (const offset of [5, 6, 4]) {
      await assert.rejects(explain({ range, at: { kind: 'offset', offset } }), {
        code: 'position-before-range',
      });
    }
    for (const bos of [false, true]) {
      await assert.rejects(explain({ bos, at: { kind: 'offset', offset: 0 } }), { code: 'first-token' });
    }
  });
});

describe('the actual token', () => {
  test('is the target', async () => {
    const tokens = model.tokenizer.encode(text);
    const { tokens: expected } = await score(model, scoreRequest({ modelDir, text }), Run.detached());
    for (const index of [1, 4, tokens.length - 1]) {
      const { target } = await explain({ at: { kind: 'token', index }, target: { kind: 'actual' } });
      assert.equal(target.id, tokens[index]?.id);
      near(Math.log(target.probability), expected[index]?.logProb ?? Number.NaN, `token ${index}`);
    }
  });

  test('does not exist after the text', async () => {
    const facts = { option: 'target', value: 'actual', expected: 'top | id | text' };
    for (const at of [{ kind: 'end' }, { kind: 'offset', offset: text.length }] as const) {
      await assert.rejects(explain({ at, target: { kind: 'actual' } }), { code: 'option-invalid', facts });
    }
  });
});

describe('a foil of several tokens', () => {
  const foil = { kind: 'text', text: 'zq!' } as const;

  test('f(x) is the difference of log-probabilities, and the answer names the parts', async () => {
    const ids = model.tokenizer.encode(foil.text).map(({ id }) => id);
    assert.equal(ids.length, 3);
    const { target, foil: seen, value, receipt } = await explain({ foil });
    assert.deepEqual([seen?.ids, seen?.id, seen?.text, receipt.foil], [ids, ids[0], 'zq!', ids]);
    near(value, Math.log(target.probability) - Math.log(seen?.probability ?? Number.NaN), 'f(x)');
    const { tokens } = await score(
      model,
      scoreRequest({ modelDir, text: text + foil.text, range: { start: text.length, end: text.length + 3 } }),
      Run.detached(),
    );
    assert.deepEqual(
      tokens.map(({ id }) => id),
      ids,
      'the text and the foil are tokens of their own when put together',
    );
    const joint = tokens.reduce((sum, { logProb }) => sum + (logProb ?? Number.NaN), 0);
    near(Math.log(seen?.probability ?? Number.NaN), joint, 'log p(foil)');
  });

  for (const method of attributionMethods) {
    if (describeMethod(method).linear) continue;
    test(`is explained by ${method}`, async () => {
      const steps = method === 'integrated-gradients' ? { tolerance: 0.001 } : {};
      const result = await explain({ foil, method, ...steps });
      assert.ok(scores(result).every((one) => Number.isFinite(one) && one !== 0));
      // So few segments have their exact values.
      const isComplete = describeMethod(method).complete || method === 'segments';
      if (!isComplete) return assert.equal(result.delta, null);
      const { value, baselineValue, delta } = result;
      const difference = value - baselineValue;
      assert.ok(Math.abs(delta ?? Number.NaN) <= 0.001 * Math.abs(difference) + 1e-5, `δ = ${delta}`);
      const sum = scores(result).reduce((total, one) => total + one, 0);
      near(sum - (delta ?? Number.NaN), difference, 'Σ − δ');
    });
  }

  test('of a range with context, at a position inside', async () => {
    const range = { start: 4, end: text.length };
    const part = await explain({ foil, range, at: { kind: 'offset', offset: 11 } });
    const whole = await explain({ foil, at: { kind: 'offset', offset: 11 } });
    near(part.value, whole.value, 'f(x)');
    assert.ok(part.tokens.length < whole.tokens.length && part.tokens.length > 1);
    assert.notEqual(part.baselineValue, whole.baselineValue);
  });

  test('may begin with the target, but not be it', async () => {
    const begun = await explain({ foil, target: { kind: 'text', text: 'z' } });
    const [first] = begun.foil?.ids ?? [];
    assert.equal(first, begun.target.id);
    near(
      begun.value,
      Math.log(begun.target.probability) - Math.log(begun.foil?.probability ?? Number.NaN),
      'f(x)',
    );
    const same = { kind: 'text', text: 'z' } as const;
    await assert.rejects(explain({ foil: same, target: same }), { code: 'foil-is-target' });
  });

  test('of one token is the contrast of logits', async () => {
    const ids = model.tokenizer.encode(text).map(({ id }) => id);
    const sequence = new Sequence(model);
    const asked = { ids, first: 0, count: ids.length, target: 7, foil: [9] };
    const form = { objective: 'contrast', baseline: 'zero' } as const;
    const single = await openFunction(model, sequence, { ...asked, ...form }, Run.detached());
    const terms = phraseTerms(model, sequence, 7, [9], Run.detached(), () => {});
    const phrase = new PhraseContrast(terms, { ids }, asked, new Float32Array(model.config.width));
    const baseline = new Float32Array(single.x.length);
    const points = [
      { from: 0, rows: baseline },
      { from: 3, rows: phrase.x.slice(3 * phrase.width) },
    ];
    const seen = await phrase.gradients(points);
    for (const [index, expected] of (await single.gradients(points)).entries()) {
      near(seen[index]?.value, expected.value, 'f');
      assertNear(seen[index]?.gradient ?? [], expected.gradient, { relative: 1e-4 }, 'gradient');
    }
    assert.equal(phrase.evaluations, points.length);
    phrase.release();
    const again = await phrase.gradients(points);
    for (const [index, { value, gradient }] of again.entries()) {
      near(value, seen[index]?.value, 'f after its memory was given back');
      assertNear(gradient, seen[index]?.gradient ?? [], { relative: 1e-4 }, 'gradient');
    }
  });

  test('that begins with the target needs no evaluation for this token', async () => {
    let slices = 0;
    const f = await openFunction(
      model,
      new Sequence(model),
      {
        ...{ ids: [1, 2, 3], first: 0, count: 3, target: 7, foil: [7, 9] },
        ...({ objective: 'contrast', baseline: 'zero' } as const),
      },
      Run.detached(),
      () => void slices++,
    );
    const baseline = new Float32Array(f.x.length);
    await f.values([{ from: 0, rows: baseline }]);
    assert.equal(slices, 1);
  });

  test('pushes out the front of a text that fills the context', async () => {
    const long = 'x'.repeat(3 * contextLength);
    const request = { text: long, range: { start: 0, end: long.length } };
    const single = await explain(request);
    const several = await explain({ ...request, foil });
    assert.equal(several.receipt.droppedTokens, single.receipt.droppedTokens + 2);
  });

  test('is only needed for a contrast', async () => {
    const { foil: seen, receipt } = await explain({ foil, objective: 'log-prob' });
    assert.deepEqual([seen, receipt.foil], [null, []]);
  });

  test('of no token, or longer than half of the context, is refused', async () => {
    await assert.rejects(explain({ foil: { kind: 'text', text: '' } }), { code: 'foil-needed' });
    const facts = { option: 'foil', value: '13 tokens', expected: '1 … 12 tokens' };
    const long = { kind: 'text', text: 'q'.repeat(13) } as const;
    await assert.rejects(explain({ foil: long }), { code: 'option-invalid', facts });
  });

  test('ends within one slice of a cancellation', async () => {
    const controller = new AbortController();
    let reports = 0;
    const run = new Run<Progress<PartialExplanation>>(controller.signal, ({ stage }) => {
      if (stage !== 'explaining') return;
      reports++;
      controller.abort();
    });
    await assert.rejects(explain({ foil, steps: 500 }, run), { code: 'cancelled' });
    assert.equal(reports, 1);
  });
});
