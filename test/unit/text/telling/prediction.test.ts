import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  comparison,
  prediction,
  sides,
  title,
  titleWithPlace,
} from '../../../../src/text/telling/prediction.ts';
import { explanationWith, telling } from './explained.ts';

const withFoil = explanationWith();
const alone = explanationWith({ foil: null });

test('the title asks for the target and, where there is one, the foil, each with its probability', () => {
  assert.equal(title(withFoil, telling), 'Why " Paris" (41%) and not " the" (12%)?');
  assert.equal(title(alone, telling), 'Why " Paris" (41%)?');
  assert.equal(titleWithPlace(withFoil, telling), 'Why " Paris" (41%) as token 2 and not " the" (12%)?');
  assert.equal(titleWithPlace(alone, telling), 'Why " Paris" (41%) as token 2?');
});

test('what is not text by itself is called by its name', () => {
  const target = { ...alone.target, text: '\ufffd', name: '国 1/3' };
  assert.equal(title({ target, foil: null }, telling), 'Why "国 1/3" (41%)?');
});

test('the note beside the text has the prediction, and the one before', () => {
  assert.equal(prediction(withFoil, null, telling), '⟶ " Paris" (41%), not " the" (12%)');
  const before = { ...alone, target: { ...alone.target, text: ' Rome', probability: 0.2 } };
  assert.equal(prediction(alone, before, telling), '⟶ " Paris" (41%); before: " Rome" (20%)');
});

test('how many times as probable, up to a million', () => {
  const { target, foil } = withFoil;
  const compared = (one: number, other: number) =>
    comparison({ target: { ...target, probability: one }, foil: { ...foil!, probability: other } }, telling);
  assert.equal(compared(0.5, 0.25), '" Paris" is about 2 times as probable as " the".');
  assert.equal(compared(0.25, 0.5), '" the" is about 2 times as probable as " Paris".');
  assert.equal(compared(0.2879, 1e-5), '" Paris" is about 29,000 times as probable as " the".');
  assert.equal(compared(0.131, 0.1), '" Paris" is about 1.3 times as probable as " the".');
  assert.equal(compared(0.104, 0.1), '" Paris" is about as probable as " the".');
  for (const next of [1e-30, 0]) {
    assert.equal(compared(0.5, next), '" Paris" is more than a million times as probable as " the".');
    assert.equal(compared(next, 0.5), '" the" is more than a million times as probable as " Paris".');
  }
  assert.equal(compared(0, 0), '" Paris" has a probability of 0%.');
  assert.equal(comparison(alone, telling), '" Paris" has a probability of 41%.');
});

test('a negative contribution supports the foil or, without one, opposes the target; a score without a sign has no side', () => {
  assert.deepEqual(sides(withFoil, telling), { for: 'spoke for " Paris"', against: 'spoke for " the"' });
  assert.deepEqual(sides(alone, telling), { for: 'spoke for " Paris"', against: 'spoke against " Paris"' });
  assert.equal(sides(explanationWith({ receipt: { method: 'gradient-norm' } }), telling), null);
});
