import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Candidate } from '../../../../src/host/generate/candidate.ts';
import { sequence, token } from '../../../fixtures/generated.ts';

describe('Candidate', () => {
  test('writes the document’s ends of line, also those that come in two pieces', () => {
    const candidate = new Candidate('\r\n');
    for (const text of ['a', '\r', '\n', 'b\n']) candidate.push({ token: token(text), text });
    assert.equal(candidate.text, 'a\r\nb\r\n');
    assert.deepEqual(
      candidate
        .placedTokens()
        .map(({ start, end, tokens }) => [start, end, ...tokens.map(({ text }) => text)]),
      [
        [0, 1, 'a'],
        [1, 3, '\r'],
        [3, 6, 'b\n'],
      ],
    );
  });

  test('has all pieces of a character at that character', () => {
    const candidate = new Candidate('\n');
    const texts = ['in', ' \ufffd', '\ufffd', '\ufffd国', '!'];
    candidate.finish({ text: 'in 中国!', tokens: texts.map(token), ended: 'length' });
    assert.deepEqual(
      candidate.placedTokens().map(({ start, end, tokens }) => [start, end, tokens.map(({ id }) => id)]),
      [
        [0, 2, [0]],
        [2, 4, [1, 2]],
        [4, 5, [3]],
        [5, 6, [4]],
      ],
    );
  });

  test('has its tokens on their own text, whatever the ends of line', () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', 'é', '\r', '\n', '😀', ' '),
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (texts, lineEnd) => {
        const candidate = new Candidate(lineEnd);
        candidate.finish(sequence(...texts));
        const placed = candidate.placedTokens();
        let end = 0;
        for (const one of placed) {
          assert.equal(one.start, end);
          ({ end } = one);
          const own = candidate.text.slice(one.start, one.end);
          assert.equal(own.replaceAll(/[\r\n]/g, ''), one.tokens[0]!.text.replaceAll(/[\r\n]/g, ''));
        }
        assert.equal(end, candidate.text.length);
      }),
      { numRuns: 2000 },
    );
  });
});
