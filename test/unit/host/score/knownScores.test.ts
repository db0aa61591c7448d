/** What stays known of a document while it is edited, against GPT-2's own split into words. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { KnownScores } from '../../../../src/host/score/knownScores.ts';
import type { TextChange } from '../../../../src/host/text/trackedSpan.ts';
import { document, letters, tokenize } from '../../../fixtures/scoredText.ts';

const step = fc.oneof(
  fc.record({
    kind: fc.constant('edit' as const),
    at: fc.nat(40),
    length: fc.nat(4),
    text: fc.string({ unit: letters, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('score' as const), at: fc.nat(40), length: fc.integer({ min: 1, max: 30 }) }),
);

function change(text: string, at: number, length: number, inserted: string): TextChange {
  const rangeOffset = Math.min(at, text.length);
  return { rangeOffset, rangeLength: Math.min(length, text.length - rangeOffset), text: inserted };
}

describe('KnownScores', () => {
  test('knows only what a new reading would give, and paints no token on another text', () => {
    let fresh = 0;
    let stale = 0;
    fc.assert(
      fc.property(document, fc.array(step, { maxLength: 12 }), (start, steps) => {
        let text = start;
        const known = new KnownScores();
        for (const { kind, ...action } of steps) {
          if (kind === 'edit') {
            const edit = change(text, action.at, action.length, (action as { text: string }).text);
            text =
              text.slice(0, edit.rangeOffset) + edit.text + text.slice(edit.rangeOffset + edit.rangeLength);
            known.follow([edit], text);
          } else {
            const end = action.at + action.length;
            known.add(tokenize(text).filter((token) => token.end > action.at && token.start < end));
          }
          const truth = new Map(tokenize(text).map((token) => [token.start, token]));
          for (const { score, stale: isStale } of known.within({ start: 0, end: text.length })) {
            assert.equal(text.slice(score.start, score.end), score.text);
            if (isStale) {
              stale++;
              continue;
            }
            fresh++;
            const { end, logProb } = truth.get(score.start) ?? {};
            assert.deepEqual([score.end, score.logProb], [end, logProb]);
          }
        }
      }),
      { numRuns: 20_000 },
    );
    assert.ok(fresh > 10_000 && stale > 1000, `both are met often: ${fresh}, ${stale}`);
  });

  test('knows a word once its tokens and what follows it are known, and not longer', () => {
    const known = new KnownScores();
    const text = 'one two three';
    const tokens = tokenize(text);
    const told = (which: 'fresh' | 'all' = 'fresh') =>
      known
        .words({ start: 0, end: text.length }, which)
        .map(({ tokens: own, logProb }) => [own.map((token) => token.text).join(''), logProb]);
    known.add(tokens.slice(0, 2));
    assert.deepEqual(told(), [['one', tokens[0]!.logProb! - 1]]);
    known.add(tokens.slice(2), -5);
    const last = [' three', tokens[2]!.logProb! + 1 - 5];
    assert.deepEqual(told(), [['one', tokens[0]!.logProb! - 1], [' two', tokens[1]!.logProb!], last]);
    assert.deepEqual(
      known.words({ start: 4, end: 5 }, 'fresh').map(({ tokens: [first] }) => first?.text),
      [' two'],
    );
    known.follow([{ rangeOffset: 7, rangeLength: 0, text: 's' }], 'one twos three');
    // The edited word is unknown, so nobody knows whether the one before it has ended.
    assert.deepEqual(told(), []);
  });

  test('finds the gaps of a stretch, stale tokens among them', () => {
    const text = 'one two three four';
    const known = new KnownScores();
    known.add(tokenize(text).slice(1, 3));
    assert.deepEqual(known.gaps({ start: 0, end: text.length }), [
      { start: 0, end: 3 },
      { start: 13, end: 18 },
    ]);
    known.follow([{ rangeOffset: 5, rangeLength: 1, text: 'W' }], 'one tWo three four');
    assert.deepEqual(known.gaps({ start: 0, end: text.length }), [{ start: 0, end: 18 }]);
    assert.equal(known.within({ start: 0, end: 18 }).length, 1);
    assert.deepEqual(known.at(9), []);
  });

  test('gives all pieces of a character that is split', () => {
    const known = new KnownScores();
    const [token] = tokenize('ab');
    known.add([
      { ...token!, end: 2 },
      { ...token!, id: 1, start: 2, end: 2 },
    ]);
    assert.deepEqual(
      known.at(1).map(({ id }) => id),
      [0, 1],
    );
    assert.deepEqual(known.at(2), []);
  });
});
