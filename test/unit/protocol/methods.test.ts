/** A method with its options: what a request may say, and what a receipt that is kept from before still says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import {
  attributionMethods,
  chooseMethod,
  chosenOptions,
  describeMethod,
  methodChoice,
  methodOptions,
} from '../../../src/protocol/methods.ts';

test('a method has its own options, and none of another’s', () => {
  const everything = { steps: 7, tolerance: 0.5, seed: 3, bos: true, method: 'occlusion' };
  for (const method of attributionMethods) {
    const choice = chooseMethod(method, everything);
    assert.deepEqual(Object.keys(choice).sort(), ['method', ...describeMethod(method).options].sort());
    assert.equal(choice.method, method);
  }
  assert.deepEqual(chooseMethod('integrated-gradients', everything), {
    ...{ method: 'integrated-gradients', steps: 7, tolerance: 0.5 },
  });
});

test('a missing option has its default', () => {
  for (const method of attributionMethods) {
    const { options } = describeMethod(method);
    const expected = options.map((name) => [name, methodOptions[name].fallback]);
    assert.deepEqual(chosenOptions(chooseMethod(method)), expected);
  }
});

test('a receipt from before methods had options of their own is still understood', () => {
  const old = {
    method: 'occlusion',
    objective: 'contrast',
    baseline: 'zero',
    steps: 'auto',
    tolerance: 0.01,
    seed: 0,
  };
  assert.deepEqual(v.parse(methodChoice, old), { method: 'occlusion', removal: 'baseline', seed: 0 });
  assert.deepEqual(v.parse(methodChoice, { ...old, method: 'integrated-gradients' }), {
    ...{ method: 'integrated-gradients', steps: 'auto', tolerance: 0.01 },
  });
});

test('an unknown method and a wrong option are refused, with what is expected', () => {
  const issueOf = (choice: unknown) => {
    const { success, issues } = v.safeParse(methodChoice, choice);
    return success ? null : [v.getDotPath(issues[0]), issues[0].message];
  };
  assert.deepEqual(issueOf({ method: 'saliency' }), ['method', attributionMethods.join(' | ')]);
  assert.deepEqual(issueOf({}), ['method', attributionMethods.join(' | ')]);
  assert.deepEqual(issueOf({ method: 'integrated-gradients', steps: 0 }), ['steps', 'auto | 1 … 2000']);
  assert.equal(issueOf({ method: 'occlusion', steps: 0 }), null);
});

test('a seed belongs to what draws random numbers, and to nothing else', () => {
  for (const method of attributionMethods) {
    const { options, stochastic } = describeMethod(method);
    assert.equal(options.includes('seed'), stochastic !== false, method);
  }
});
