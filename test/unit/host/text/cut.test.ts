/** Where a text may be cut, against GPT-2's own split into words. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cutBehind, cutBehindToken } from '../../../../src/host/text/cut.ts';
import type { TokenScore } from '../../../../src/protocol/results.ts';
import { document, tokenize } from '../../../fixtures/scoredText.ts';

describe('cutBehind', () => {
  test('cuts where the tokens in front stay what they are', () => {
    fc.assert(
      fc.property(document, fc.nat(40), (text, at) => {
        const offset = Math.min(at, text.length);
        const cut = text.slice(0, cutBehind(text, offset));
        const inFront = (tokens: TokenScore[]) => tokens.filter(({ start }) => start < offset);
        assert.deepEqual(inFront(tokenize(cut)), inFront(tokenize(text)));
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('cutBehindToken', () => {
  test('leaves the token at the offset whole', () => {
    fc.assert(
      fc.property(document, fc.nat(40), (text, at) => {
        const offset = Math.min(at, Math.max(0, text.length - 1));
        const covering = (tokens: TokenScore[]) =>
          tokens.find(({ start, end }) => start <= offset && offset < end);
        assert.deepEqual(
          covering(tokenize(text.slice(0, cutBehindToken(text, offset)))),
          covering(tokenize(text)),
        );
      }),
      { numRuns: 20_000 },
    );
  });
});
