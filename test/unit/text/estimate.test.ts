/** Scores that are estimates stand with their standard errors. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { displayTokens } from '../../../src/text/displayTokens.ts';
import { estimate } from '../../../src/text/estimate.ts';
import { Numbers } from '../../../src/text/numbers.ts';
import { rowsOf } from '../../../webview/attribution/rows.ts';

const numbers = new Numbers('en');
const token = (start: number, end: number, score: number, standardError?: number) => ({
  ...{ id: 1, text: 'x', start, end, score },
  ...(standardError !== undefined && { standardError }),
});

describe('a standard error', () => {
  test('stands behind its number, where there is one', () => {
    assert.equal(estimate(numbers, numbers.signed(0.5), 0.0123), '+0.500 ± 0.0123');
    assert.equal(estimate(numbers, numbers.signed(0.5), 0), '+0.500 ± 0');
    assert.equal(estimate(numbers, numbers.signed(0.5), undefined), '+0.500');
  });

  test('of a character that is read in pieces is no more than the sum of theirs', () => {
    const pieces = [token(0, 1, 1, 0.25), token(1, 2, 2, 0.5), token(2, 2, 4, 0.125)];
    const shown = displayTokens('ab', pieces, 0);
    assert.deepEqual(
      shown.map(({ score, standardError }) => [score, standardError]),
      [
        [1, 0.25],
        [6, 0.625],
      ],
    );
    const exact = displayTokens('ab', [token(0, 1, 1), token(1, 2, 2), token(2, 2, 4)], 0);
    assert.ok(exact.every((one) => !('standardError' in one)));
  });

  test('of a row of the panel is no more than the sum of its tokens’', () => {
    const group = (tokens: number[]) => ({ tokens, score: tokens.length });
    const content = (tokens: { text: string; score: number; standardError?: number }[]) =>
      ({ tokens, groups: { token: [], word: [group([0, 1]), group([2])], line: [], syntax: null } }) as never;
    const scored = [0.25, 0.5, 2].map((standardError) => ({ text: 'x', score: 1, standardError }));
    const errors = rowsOf(content(scored), 'word', 'reading').map(({ standardError }) => standardError);
    assert.deepEqual(errors, [0.75, 2]);
    const exact = scored.map(({ text, score }) => ({ text, score }));
    assert.ok(rowsOf(content(exact), 'word', 'reading').every((row) => !('standardError' in row)));
  });
});
