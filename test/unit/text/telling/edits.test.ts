/** Each number of the sentences about edits, seen in them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { editKinds } from '../../../../src/protocol/edits.ts';
import type { KindTried } from '../../../../src/protocol/results.ts';
import { editKindName, editText, flipFacts, flipText, kindText } from '../../../../src/text/telling/edits.ts';
import { inEnglish } from '../../../../src/text/telling/telling.ts';
import { wilson } from '../../../../src/text/wilson.ts';

const telling = inEnglish((token) => `"${token.text}"`);
const said = (id: number, text: string, probability: number, rank: number) => ({
  next: [{ id, text, probability, logit: 1 }],
  token: { id: 7, text: ' was', probability: 0.2, rank },
});

describe('a search', () => {
  const found = {
    found: true,
    before: said(7, ' was', 0.41, 1),
    after: said(8, ' is', 0.52, 3),
    evaluations: 1234,
  };

  test('says what comes first instead', () => {
    assert.equal(flipText(found, telling), '" is" (52%) instead of " was" (41%).');
  });

  test('or the rank, where the same token still comes first', () => {
    const below = { ...found, after: { ...found.before, token: { ...found.before.token, rank: 12 } } };
    assert.equal(flipText(below, telling), '" was" has rank 12 instead of 1.');
  });

  test('or that nothing was found, in so many evaluations, and not that there is nothing', () => {
    assert.equal(flipText({ ...found, found: false }, telling), 'Not found in 1,234 evaluations.');
  });

  test('says how large the change is', () => {
    const edit = { kind: 'key', start: 0, end: 1, old: 'a', new: 's' } as const;
    const one = { edits: [edit], distance: 3, evaluations: 17, perplexityRatio: 2.345, unusual: true };
    assert.deepEqual(flipFacts(one, telling), [
      '1 edit',
      'changed characters: 3',
      'perplexity × 2.35',
      'unusual text: less expected than 99% of such stretches here',
      'evaluations: 17',
    ]);
    const two = { ...one, edits: [edit, edit], perplexityRatio: null, unusual: null };
    assert.deepEqual(flipFacts(two, telling), [
      '2 edits, each of them needed',
      'changed characters: 3',
      'evaluations: 17',
    ]);
  });
});

test('edits by what changes', () => {
  assert.equal(editText({ old: 'cat', new: 'dog' }, telling), '"cat" → "dog"');
  assert.equal(editText({ old: '', new: ' big' }, telling), '" big" put in');
  assert.equal(editText({ old: 'cat', new: '' }, telling), '"cat" left out');
  assert.equal(new Set(editKinds.map((kind) => editKindName(kind, telling))).size, editKinds.length);
});

test('how many of a kind: counted, or with the interval of a draw', () => {
  const tried: KindTried = {
    ...{ kind: 'insert', total: 5000, all: false },
    ...{ drawn: { tried: 50, reached: 10 }, guided: { tried: 40, reached: 31 } },
  };
  const none = { tried: 0, reached: 0 };
  assert.equal(
    kindText(tried, telling),
    '10 of 50 drawn from 5,000: 20% (95%: 11% to 33%); 31 of the 40 that the gradient speaks for most',
  );
  assert.equal(
    kindText({ ...tried, guided: none }, telling),
    '10 of 50 drawn from 5,000: 20% (95%: 11% to 33%)',
  );
  assert.equal(kindText({ ...tried, total: 50, all: true, guided: none }, telling), '10 of all 50');
  assert.equal(kindText({ ...tried, total: 0, drawn: none, guided: none }, telling), 'there is none');
});

test('Wilson’s interval', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='wilson')
  const expected = [
    [10, 50, 0.1124375, 0.3303711],
    [0, 20, 0, 0.16112516],
    [20, 20, 0.83887484, 1],
    [1, 3, 0.06149194, 0.7923401],
  ] as const;
  for (const [reached, tried, low, high] of expected) {
    const interval = wilson(reached, tried);
    assert.ok(Math.abs(interval.low - low) < 1e-6, `${reached} of ${tried}: ${interval.low}`);
    assert.ok(Math.abs(interval.high - high) < 1e-6, `${reached} of ${tried}: ${interval.high}`);
  }
  assert.deepEqual(wilson(0, 0), { low: 0, high: 1 });
});
