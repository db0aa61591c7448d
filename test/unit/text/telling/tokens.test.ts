import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportOf } from '../../../../src/text/telling/report.ts';
import {
  chanceTexts,
  contributionText,
  piecesTexts,
  segmentText,
  shareText,
  sideOf,
  strongestOf,
} from '../../../../src/text/telling/tokens.ts';
import { explanationWith, telling } from './explained.ts';

test('a share is of all movement, in either direction', () => {
  assert.equal(shareText(-0.5, 2, telling), '25%');
  assert.equal(shareText(0, 0, telling), '0%');
});

test('a contribution says which of target and foil it supported', () => {
  const told = (score: number, changes: Parameters<typeof explanationWith>[0] = {}) =>
    contributionText({ score }, 2, explanationWith(changes), telling);
  assert.equal(told(1.5), '+1.50 (75% of all): it spoke for " Paris" and not " the"');
  assert.equal(told(-0.5), '-0.500 (25% of all): it spoke for " the" and not " Paris"');
  assert.equal(told(1.5, { foil: null }), '+1.50 (75% of all): it spoke for " Paris"');
  assert.equal(told(-0.5, { foil: null }), '-0.500 (25% of all): it spoke against " Paris"');
  assert.equal(told(0), 'It had no effect.');
  assert.equal(
    contributionText({ score: 1.5, standardError: 0.02 }, 2, explanationWith({ foil: null }), telling),
    '+1.50 ± 0.02 (75% of all): it spoke for " Paris"',
  );
  assert.match(told(1.5, { receipt: { method: 'gradient-norm' } }), /how strongly the prediction reacts/);
});

test('the strongest of a side come first, and tokens without effect are left out', () => {
  const tokens = [1, -3, 0, 2, -4].map((score) => ({ score }));
  const scores = (some: { score: number }[]) => some.map(({ score }) => score);
  assert.deepEqual(scores(strongestOf(tokens, 9)), [-4, -3, 2, 1]);
  assert.deepEqual(scores(strongestOf(sideOf(tokens, 1), 1)), [2]);
  assert.deepEqual(scores(strongestOf(sideOf(tokens, -1), 9)), [-4, -3]);
});

test('how probable a token was, or why that is not known', () => {
  const scored = { logProb: Math.log(0.25), rank: 2, entropy: 3 * Math.LN2 };
  assert.deepEqual(chanceTexts([], telling), []);
  assert.deepEqual(chanceTexts([scored], telling), [
    'Probability here 25%, rank 2; surprisal 2.0 bits (entropy 3.0)',
  ]);
  assert.deepEqual(chanceTexts([scored, scored], telling), ['Probability here 6.3%; surprisal 4.0 bits']);
  assert.deepEqual(chanceTexts([{ logProb: null, rank: null, entropy: null }], telling), [
    'The first token has no probability: without BOS, nothing stands in front of it.',
  ]);
});

test('a contribution that is of a part of the text says so, and no probability is told beside it', () => {
  assert.deepEqual(segmentText({ pieces: 3 }, telling), []);
  const told = 'The contribution is that of a part of the text with 12 tokens, taken as a whole.';
  assert.deepEqual(segmentText({ isSegment: true, pieces: 12 }, telling), [told]);
  const explanation = explanationWith({ receipt: { method: 'segments' }, delta: null });
  const part = { start: 0, end: 11, text: 'The capital', score: 1, first: 0, pieces: 12 };
  const scored = { logProb: -1, rank: 2, entropy: 1 };
  const tokenAs = (isSegment: boolean) =>
    reportOf(
      explanation,
      [{ ...part, ...(isSegment && { isSegment: true as const }) }],
      () => [scored as never],
      [],
      telling,
    ).tokens[0]!;
  assert.deepEqual([tokenAs(true).notes, tokenAs(true).chance], [[told], null]);
  assert.notEqual(tokenAs(false).chance, null);
});

test('what the numbers of a character in pieces are', () => {
  const told = (contribution: boolean, chance: boolean) =>
    piecesTexts(3, { contribution, chance }, telling).join();
  assert.deepEqual(piecesTexts(1, { contribution: true, chance: true }, telling), []);
  assert.match(told(true, true), /in 3 pieces: contribution and surprisal are their sums/);
  assert.match(told(true, false), /in 3 pieces: the contribution is their sum\.$/);
  assert.match(told(false, true), /in 3 pieces: the surprisal is their sum/);
  assert.match(told(false, false), /in 3 pieces\.$/);
});
