import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankingOf } from '../../../../../src/host/panel/attribution/ranking.ts';
import type { AttributionMethodId } from '../../../../../src/protocol/methods.ts';
import { inEnglish } from '../../../../../src/text/telling/telling.ts';
import { evidenceOf } from '../../../../fixtures/evidence.ts';

const telling = inEnglish((token) => JSON.stringify(token.text));
const correlation = (value: number | null) => ({ value, interval: null, chance: null });

function agreement(method: AttributionMethodId, ...lds: (number | null)[]) {
  const removals = ['baseline', 'mask'] as const;
  return {
    ...{ method, baseline: null, spearman: 1, kendall: 1 },
    measures: lds.map((value, at) => ({
      ...{ removal: removals[at]!, lds: correlation(value), comprehensiveness: null },
    })),
  };
}

const ranked = (...agreements: ReturnType<typeof agreement>[]) =>
  rankingOf({ ...evidenceOf(0.6, 0.4), agreements }, 'integrated-gradients', telling).map(
    ({ name, isShown }) => (isShown ? `${name} *` : name),
  );

test('best mean LDS first, the method that is shown among them', () => {
  assert.deepEqual(ranked(agreement('occlusion', 0.9, 0.3), agreement('alti-logit', 0.1, 0.1)), [
    'occlusion',
    'integrated gradients *',
    'ALTI-Logit',
  ]);
});

test('what is not measured by every operator yet is not ranked, and what has no LDS comes last', () => {
  assert.deepEqual(ranked(agreement('occlusion', 0.9)), []);
  assert.deepEqual(ranked(agreement('occlusion', null, null), agreement('lime', -0.5, -0.5)), [
    'integrated gradients *',
    'LIME',
    'occlusion',
  ]);
});
