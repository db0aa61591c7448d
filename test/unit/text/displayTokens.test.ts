import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { ScoredSpan } from '../../../src/protocol/results.ts';
import { displayTokens } from '../../../src/text/displayTokens.ts';

const span = (start: number, end: number, score: number): ScoredSpan => ({
  id: 0,
  text: '',
  start,
  end,
  score,
});

describe('displayTokens', () => {
  test('joins the pieces of a character and keeps the sum', () => {
    const tokens = [span(0, 1, 0.25), span(1, 3, 0.5), span(3, 3, -2), span(3, 3, 0.125), span(3, 4, 1)];
    assert.deepEqual(displayTokens('a😀b', tokens, 0), [
      { start: 0, end: 1, text: 'a', score: 0.25, first: 0, pieces: 1 },
      { start: 1, end: 3, text: '😀', score: -1.375, first: 1, pieces: 3 },
      { start: 3, end: 4, text: 'b', score: 1, first: 4, pieces: 1 },
    ]);
  });

  test('joins what was explained as a whole, with its score and its standard error; the rest stays', () => {
    const estimated = (start: number, end: number, score: number) => ({
      ...span(start, end, score),
      standardError: 0.1,
    });
    const tokens = [
      estimated(0, 1, 0.5),
      estimated(1, 3, 0.5),
      estimated(3, 3, 0.5),
      estimated(3, 4, 0),
      estimated(4, 6, 2),
    ];
    const segments = [
      { start: 0, end: 3, first: 0, count: 3, score: 1.5, standardError: 0.25 },
      { start: 4, end: 6, first: 4, count: 1, score: 2, standardError: 0.5 },
    ];
    assert.deepEqual(displayTokens('a😀b c', tokens, 0, segments), [
      {
        start: 0,
        end: 3,
        text: 'a😀',
        score: 1.5,
        standardError: 0.25,
        first: 0,
        pieces: 3,
        isSegment: true,
      },
      { start: 3, end: 4, text: 'b', score: 0, standardError: 0.1, first: 3, pieces: 1 },
      { start: 4, end: 6, text: ' c', score: 2, standardError: 0.5, first: 4, pieces: 1, isSegment: true },
    ]);
    const [first] = displayTokens('a😀b c', tokens, 1, segments);
    assert.deepEqual([first!.start, first!.text], [1, '😀']);
  });

  test('leaves the context’s part of the first token out', () => {
    const [first] = displayTokens('a bc', [span(1, 4, 1)], 2);
    assert.deepEqual([first!.start, first!.end, first!.text], [2, 4, 'bc']);
  });

  test('tiles the selection and keeps the total for any tokens that tile the text', () => {
    const pieces = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: -8, max: 8 })), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(pieces, (lengths) => {
        let at = 0;
        const tokens = lengths.map(([length, score]) => {
          const token = span(at, at + length, score);
          at = token.end;
          return token;
        });
        const text = 'x'.repeat(at);
        const shown = displayTokens(text, tokens, 0);
        assert.equal(shown.map((token) => token.text).join(''), text);
        const sum = (list: { score: number }[]) => list.reduce((total, token) => total + token.score, 0);
        assert.equal(sum(shown), sum(tokens));
        assert.equal(
          shown.reduce((total, token) => total + token.pieces, 0),
          tokens.length,
        );
      }),
    );
  });
});
