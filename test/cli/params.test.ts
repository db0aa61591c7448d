import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, test } from 'node:test';
import { describeFailure } from '../../src/cli/failure.ts';
import type { OptionValues } from '../../src/cli/options.ts';
import {
  attentionParams,
  bundledModel,
  explainParams,
  generateParams,
  methodOptionValues,
  scoreParams,
  tokenRange,
} from '../../src/cli/params.ts';
import { selectTokens } from '../../src/cli/tokens.ts';
import { limits } from '../../src/protocol/limits.ts';
import { type AttributionMethodId, methodOptionNames, methodOptions } from '../../src/protocol/methods.ts';

/** The line that a person reads. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { exitCode, text } = describeFailure(error);
    assert.equal(exitCode, 2);
    return text;
  }
  return assert.fail('nothing was thrown');
}

describe('parameters', () => {
  test('have the stated defaults', () => {
    assert.deepEqual(explainParams({}, 'héllo'), {
      ...{ modelDir: bundledModel, text: 'héllo', bos: false, range: { start: 0, end: 5 } },
      ...{ at: { kind: 'end' } },
      ...{ target: { kind: 'top' }, foil: { kind: 'competitor' }, method: 'integrated-gradients' },
      ...{ objective: 'contrast', baseline: 'zero', steps: 'auto', tolerance: 0.01 },
    });
    assert.deepEqual(generateParams({}, 'a'), {
      ...{ modelDir: bundledModel, text: 'a', bos: false, sequences: 1, maxTokens: 40, seed: 0 },
      ...{ temperature: 0.8, topK: 40, topP: 0.95, repetitionPenalty: 1, stop: [], first: null },
    });
    const { range, top, stride } = scoreParams({}, 'a');
    assert.deepEqual({ range, top, stride }, { range: null, top: 10, stride: 'auto' });
    const { layers, heads } = attentionParams({}, 'a');
    assert.deepEqual({ layers, heads }, { layers: null, heads: null });
  });

  test('name the bundled model by its folder', () => {
    assert.ok(existsSync(bundledModel), bundledModel);
  });

  test('take every option', () => {
    const values: OptionValues = {
      ...{
        model: 'm',
        bos: '',
        at: '3',
        target: '#17',
        foil: ' the',
        method: 'integrated-gradients',
        objective: 'contrast',
      },
      ...{ baseline: 'eot', steps: '25', tolerance: '1e-3', seed: '9' },
    };
    assert.deepEqual(explainParams(values, ''), {
      ...{
        modelDir: 'm',
        text: '',
        bos: true,
        range: { start: 0, end: 0 },
        at: { kind: 'token', index: 3 },
        target: { kind: 'id', id: 17 },
      },
      ...{
        foil: { kind: 'text', text: ' the' },
        method: 'integrated-gradients',
        objective: 'contrast',
        baseline: 'eot',
      },
      ...{ steps: 25, tolerance: 0.001 },
    });
    // What another method has is looked at, and left behind.
    const { method, ...occluded } = explainParams({ ...values, method: 'occlusion' }, '');
    assert.equal(method, 'occlusion');
    for (const option of ['steps', 'tolerance']) assert.ok(!(option in occluded), option);
    assert.deepEqual({ ...occluded, removal: 'baseline', seed: 9 }, occluded);
    const drawn = explainParams({ ...values, method: 'occlusion', removal: 'refill' }, '');
    assert.deepEqual(drawn, { method, ...occluded, removal: 'refill' });
    // What was given, and the defaults of all other options.
    const defaults = Object.fromEntries(
      methodOptionNames.map((name) => [name, methodOptions[name].fallback]),
    );
    assert.deepEqual(methodOptionValues(values, 'occlusion'), {
      ...defaults,
      ...{ steps: 25, tolerance: 0.001, seed: 9 },
    });
    const { sequences, maxTokens, topK, topP, temperature } = generateParams(
      { n: '3', 'max-tokens': '7', 'top-k': '0', 'top-p': '.5', temperature: '0' },
      'a',
    );
    assert.deepEqual([sequences, maxTokens, topK, topP, temperature], [3, 7, 0, 0.5, 0]);
    const { repetitionPenalty, stop } = generateParams({ 'repetition-penalty': '1.2', stop: '\n\n' }, 'a');
    assert.deepEqual([repetitionPenalty, stop], [1.2, ['\n\n']]);
    assert.equal(scoreParams({ stride: '512' }, 'a').stride, 512);
    assert.equal(scoreParams({ stride: 'auto' }, 'a').stride, 'auto');
    assert.equal(scoreParams({ stride: 'none' }, 'a').stride, null);
    const { layers, heads } = attentionParams({ layer: '2', head: '0' }, 'a');
    assert.deepEqual([layers, heads], [[2], [0]]);
  });

  test('have no foil if the objective is not a contrast', () => {
    for (const objective of ['logit', 'log-prob', 'probability']) {
      assert.deepEqual(explainParams({ objective }, 'a').foil, { kind: 'none' });
    }
  });

  test('take a token by its text, unless it looks like an id or is "top"', () => {
    const target = (text: string) => explainParams({ target: text }, 'a').target;
    for (const text of ['', ' top', 'none', '#', '#1a', '# 1', '12', '#-1', '\n']) {
      assert.deepEqual(target(text), { kind: 'text', text });
    }
    assert.deepEqual(target('#0'), { kind: 'id', id: 0 });
  });

  test('take --samples as what the method means by it', () => {
    const options = (method: AttributionMethodId) => {
      const { samples, masks } = methodOptionValues({ samples: '40' }, method);
      return [samples, masks];
    };
    assert.deepEqual(options('smoothgrad:gradient-norm'), [40, 'auto']);
    assert.deepEqual(options('shapley'), [16, 40]);
    const asked = explainParams({ method: 'shapley', samples: '5000', estimator: 'kernel' }, 'a');
    assert.deepEqual({ ...asked, masks: 5000, estimator: 'kernel' }, asked);
    assert.ok(!('samples' in asked));
  });

  test('are refused with the option’s own name and what it must be', () => {
    const explain = (values: OptionValues) => refusal(() => explainParams(values, 'a'));
    const generate = (values: OptionValues) => refusal(() => generateParams(values, 'a'));
    assert.equal(explain({ steps: 'many' }), 'whytoken: --steps is many, but must be auto | 1 … 2000.\n');
    assert.equal(explain({ steps: '1.5' }), 'whytoken: --steps is 1.5, but must be auto | 1 … 2000.\n');
    assert.match(explain({ seed: '-1' }), /^whytoken: --seed is -1, but must be 0 … /);
    assert.match(explain({ seed: '0x10' }), /--seed is 0x10, /);
    assert.match(explain({ at: ' 1' }), /--at is {2}1, /);
    assert.match(explain({ tolerance: '' }), /--tolerance is , but must be 0 … 1/);
    assert.match(explain({ tolerance: 'Infinity' }), /--tolerance is Infinity, /);
    assert.match(explain({ tolerance: '1e999' }), /--tolerance is Infinity, /);
    assert.match(explain({ method: 'occlusion', steps: 'many' }), /--steps is many, /);
    assert.equal(
      explain({ method: 'occlusion', sigma: '0.2' }),
      'whytoken: --sigma is not an option of the method occlusion, only of smoothgrad:gradient-norm, smoothgrad:input-x-gradient, smoothgrad:integrated-gradients. Leave it out.\n',
    );
    assert.match(
      explain({ samples: '4' }),
      /--samples is not an option of the method integrated-gradients, /,
    );
    assert.match(explain({ method: 'smoothgrad:gradient-norm', samples: '1' }), /must be 2 … 1000\.\n$/);
    assert.match(
      explain({ method: 'shapley', samples: '0' }),
      /--samples is 0, but must be auto \| 1 … 100000\.\n$/,
    );
    assert.match(
      explain({ estimator: 'kernel' }),
      /--estimator is not an option of the method integrated-gradients, only of shapley\./,
    );
    assert.match(explain({ method: 'saliency' }), /--method is saliency, but must be gradient-norm \| /);
    assert.match(explain({ objective: 'x' }), /--objective is x, but must be contrast \| /);
    assert.match(explain({ model: '' }), /--model is , but must be a path/);
    assert.equal(generate({ n: '17' }), `whytoken: --n is 17, but must be 1 … ${limits.sequences}.\n`);
    assert.match(generate({ 'max-tokens': 'x' }), /--max-tokens is x, /);
    assert.match(generate({ 'top-k': '-1' }), /--top-k is -1, /);
    assert.match(generate({ 'top-p': '2' }), /--top-p is 2, /);
    assert.match(
      generate({ 'repetition-penalty': '0' }),
      /--repetition-penalty is 0, but must be 0\.1 … 10\./,
    );
    assert.match(generate({ stop: '' }), /--stop is , but must be a text, 1 … 256\./);
    assert.match(
      refusal(() => scoreParams({ stride: '0' }, 'a')),
      /--stride is 0, but must be auto \| 1 … 65535\./,
    );
    assert.match(
      refusal(() => attentionParams({ head: 'x' }, 'a')),
      /--head is x, /,
    );
    assert.match(
      refusal(() => attentionParams({ layer: '1.5' }, 'a')),
      /--layer is 1.5, /,
    );
  });

  test('refuse a text that is too long', () => {
    const long = 'x'.repeat(limits.textLength + 1);
    assert.match(
      refusal(() => scoreParams({}, long)),
      /at most 4194304 can be read at once\. Give less\./,
    );
  });
});

describe('tokens that are explained', () => {
  const token = (start: number, end: number) => ({ id: 0, bytes: new Uint8Array(), start, end });
  // "a", then one character in three tokens, then "bc".
  const tokens = [token(0, 1), token(1, 3), token(3, 3), token(3, 3), token(3, 5)];

  test('are counted from 0 with both ends', () => {
    assert.equal(tokenRange({}), null);
    assert.deepEqual(tokenRange({ from: '2' }), { from: 2, to: null });
    assert.deepEqual(tokenRange({ to: '0' }), { from: 0, to: 0 });
    assert.deepEqual(selectTokens(tokens, { from: 0, to: 0 }), { first: 0, range: { start: 0, end: 1 } });
    assert.deepEqual(selectTokens(tokens, { from: 4, to: null }), { first: 4, range: { start: 3, end: 5 } });
  });

  test('take in the whole of a character', () => {
    assert.deepEqual(selectTokens(tokens, { from: 3, to: 3 }), { first: 1, range: { start: 1, end: 3 } });
    assert.deepEqual(selectTokens(tokens, { from: 2, to: 4 }), { first: 1, range: { start: 1, end: 5 } });
  });

  test('must exist', () => {
    assert.match(
      refusal(() => tokenRange({ from: '-1' })),
      /--from is -1, but must be 0 or more/,
    );
    assert.match(
      refusal(() => tokenRange({ from: '3', to: '2' })),
      /--to is 2, but must be 3 or more/,
    );
    assert.match(
      refusal(() => selectTokens(tokens, { from: 5, to: null })),
      /--from is 5, but must be 0 … 4/,
    );
    assert.match(
      refusal(() => selectTokens(tokens, { from: 0, to: 5 })),
      /--to is 5, but must be 0 … 4/,
    );
  });
});
