import assert from 'node:assert/strict';
import { test } from 'node:test';
import { variantsOf } from '../../../../../src/host/panel/attribution/choices.ts';
import type { ExplainParams } from '../../../../../src/protocol/engine.ts';
import { type AttributionMethodId, chooseMethod } from '../../../../../src/protocol/methods.ts';
import type { ExplainedTokens } from '../../../../../src/protocol/results.ts';
import { inEnglish } from '../../../../../src/text/telling/telling.ts';

const telling = inEnglish(() => '');

function variants(method: AttributionMethodId, foil: number[], options: object = {}) {
  const choice = chooseMethod(method, options);
  const receipt = { ...choice, foil, baseline: 'mean', objective: 'contrast' };
  const asked = { text: 'x', baseline: 'mean', objective: 'contrast', ...choice } as unknown as ExplainParams;
  return variantsOf({ receipt } as unknown as ExplainedTokens, asked, telling);
}

test('one thing is chosen otherwise in each, and one of each kind is as it was asked', () => {
  const all = variants('integrated-gradients', [5], { tolerance: 0.05 });
  assert.equal(all.length, 3 + 4 + 4);
  const asked = all.filter(
    ({ params: { method, baseline, objective } }) =>
      method === 'integrated-gradients' && baseline === 'mean' && objective === 'contrast',
  );
  assert.equal(asked.length, 2);
  for (const { params } of asked) assert.ok('tolerance' in params && params.tolerance === 0.05);
});

test('a method with removals keeps its own options; one that removes nothing is held against occlusion', () => {
  const own = variants('shapley', [5], { removal: 'mask', seed: 9 }).filter(({ name }) =>
    name.startsWith('each'),
  );
  assert.ok(own.every(({ params }) => params.method === 'shapley' && params.seed === 9));
  assert.equal(new Set(own.map(({ params }) => JSON.stringify(params))).size, 4);
  const others = variants('alti-logit', [5]).filter(({ name }) => name.startsWith('each'));
  assert.ok(others.every(({ params }) => params.method === 'occlusion'));
});

test('what the question cannot have is left out: a baseline, a foil, an objective that is not linear', () => {
  const names = variants('direct-logit', []).map(({ name }) => name);
  assert.deepEqual(
    names.filter((name) => !name.startsWith('each')),
    ['explained: logit of the target'],
  );
});
