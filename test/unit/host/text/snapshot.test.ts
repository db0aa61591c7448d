import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { asMarkdown, withoutIcons } from '../../../../src/host/text/escape.ts';
import {
  offsetAtCursor,
  paragraphBefore,
  stretchBefore,
  takeSnapshot,
} from '../../../../src/host/text/snapshot.ts';
import type { ScoredSpan } from '../../../../src/protocol/results.ts';
import { displayTokens } from '../../../../src/text/displayTokens.ts';
import { levelOf, levels } from '../../../../src/text/level.ts';
import { Numbers } from '../../../../src/text/numbers.ts';
import { visible } from '../../../../src/text/visible.ts';

const span = (start: number, end: number, score: number): ScoredSpan => ({
  id: 0,
  text: '',
  start,
  end,
  score,
});

describe('takeSnapshot', () => {
  const document = 'line one\nline two\nline three';

  test('reads the document up to the selection’s end', () => {
    assert.deepEqual(takeSnapshot(document, { start: 9, end: 13 }, 'document'), {
      base: 0,
      text: 'line one\nline',
      range: { start: 9, end: 13 },
      whole: true,
    });
  });

  test('reads the selection alone when asked to', () => {
    assert.deepEqual(takeSnapshot(document, { start: 9, end: 13 }, 'selection'), {
      base: 9,
      text: 'line',
      range: { start: 0, end: 4 },
      whole: true,
    });
  });

  test('cuts a long context at the beginning of a line', () => {
    assert.equal(takeSnapshot(document, { start: 18, end: 22 }, 'document', 20).base, 9);
  });

  test('cuts a line that is itself too long', () => {
    assert.equal(takeSnapshot('x'.repeat(50), { start: 40, end: 45 }, 'document', 20).base, 25);
  });

  test('keeps the tail of a selection that is too long', () => {
    const cut = takeSnapshot(document, { start: 2, end: 28 }, 'document', 10);
    assert.deepEqual(cut, { base: 18, text: 'line three', range: { start: 0, end: 10 }, whole: false });
  });

  test('is always a piece of the document, never begins inside a surrogate pair and ends with the selection', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', ' ', '\ud83d\ude00'), maxLength: 60 });
    fc.assert(
      fc.property(
        text,
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('document', 'selection'),
        (document, a, b, units, context) => {
          const [start, end] = [a % (document.length + 1), b % (document.length + 1)].sort((x, y) => x - y);
          const cut = takeSnapshot(document, { start: start!, end: end! }, context, units);
          assert.equal(document.slice(cut.base, cut.base + cut.text.length), cut.text);
          assert.equal(cut.base + cut.text.length, Math.max(end!, cut.base));
          assert.ok(cut.text.length <= units);
          assert.equal(cut.range.end, cut.text.length);
          assert.equal(cut.base + cut.range.start, Math.max(start!, cut.base));
          const first = cut.text.charCodeAt(0);
          const before = document.charCodeAt(cut.base - 1);
          assert.ok(!(isLow(first) && isHigh(before)) || cut.base === start);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('stretchBefore', () => {
  const stretch = (text: string) => {
    const { start, end } = stretchBefore(text, text.length);
    return text.slice(start, end);
  };

  test('is the line up to the cursor without its indentation', () => {
    assert.equal(stretch('def f(n):\n    return n'), 'return n');
  });

  test('is the paragraph before when the line is blank up to the cursor', () => {
    assert.equal(stretch('old\n\nfirst\nsecond\n\n  '), 'first\nsecond\n\n  ');
  });

  test('is nothing where there is nothing', () => {
    assert.equal(stretch(' \n\n \t'), '');
    assert.equal(stretch(''), '');
  });
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

describe('texts of tokens', () => {
  test('shows what cannot be seen', () => {
    assert.equal(visible('\tif x:\r\n'), '⇥if x:␍↵');
    assert.equal(visible('a\u202eb\u2028\ud800'), 'a‹U+202E›b‹U+2028›\ufffd');
    assert.equal(visible(' the'), ' the');
    assert.equal(visible('    '), '␣␣␣␣');
  });

  test('leaves no Markdown, HTML or link alive', () => {
    assert.equal(
      asMarkdown('[a](command:x)  </b>|`$ '),
      '\\[a\\]\\(command\\:x\\)&nbsp;&nbsp;\\<\\/b\\>\\|\\`\\$&nbsp;',
    );
  });

  test('leaves no icon alive', () => {
    assert.equal(withoutIcons('$(zap) $$(x)'), '\\$(zap) $\\$(x)');
  });
});

describe('levelOf', () => {
  test('gives the strongest the full colour, and its sign', () => {
    assert.equal(levelOf(2, 2, 1), levels);
    assert.equal(levelOf(-2, 2, 1), -levels);
    assert.equal(levelOf(-1, 2, 2), -levels);
  });

  test('gives nothing to what is next to nothing', () => {
    assert.equal(levelOf(0.01, 2, 1), 0);
    assert.equal(levelOf(0, 0, 1), 0);
  });
});

describe('Numbers', () => {
  const numbers = new Numbers('en');

  test('gives bytes in decimal units, and short numbers for narrow places', () => {
    const bytes = [384, 1000, 13_824_000, 497_759_232, 6_430_000_000].map((count) => numbers.bytes(count));
    assert.deepEqual(bytes, ['0.384 kB', '1 kB', '13.8 MB', '498 MB', '6.43 GB']);
    assert.deepEqual(
      [4409, 69.59, 0.0123, 0].map((value) => numbers.short(value)),
      ['4.41K', '69.6', '0.01', '0'],
    );
    assert.deepEqual(
      [1.25, -0.326, 0].map((value) => numbers.short(value, true)),
      ['+1.25', '-0.33', '0'],
    );
  });

  test('writes probabilities as percentages that are never 0 unless they are', () => {
    assert.deepEqual(
      [0.4123, 0.0123, 0.00001, 0].map((p) => numbers.percent(p)),
      ['41%', '1.2%', '<0.1%', '0%'],
    );
  });
  test('writes 100% only for what is certain', () => {
    assert.deepEqual(
      [0.984, 0.9964, 0.99996, 1].map((p) => numbers.percent(p)),
      ['98%', '99.6%', '>99.9%', '100%'],
    );
  });
  test('turns nats into bits', () => {
    assert.equal(numbers.bits(Math.log(8)), '3.0');
  });
  test('keeps the sign', () => {
    assert.deepEqual(
      [0.8321, -0.00012345, 0.0000025, 0].map((x) => numbers.signed(x)),
      ['+0.832', '-0.000123', '+2.50E-6', '0.00'],
    );
  });
});

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

describe('offsetAtCursor', () => {
  const at = (text: string) => {
    const cursor = text.indexOf('|');
    const plain = text.replace('|', '');
    return plain[offsetAtCursor(plain, cursor)];
  };

  test('is on the word at either of its ends', () => {
    assert.equal(at('one |two three'), 't');
    assert.equal(at('one two| three'), 'o');
    assert.equal(at('one two|'), 'o');
    assert.equal(at('is Paris|. The'), 's');
    assert.equal(at('f(|x)'), 'x');
    assert.equal(at('f(x|)'), 'x');
    assert.equal(at('one  | two'), ' ');
    assert.equal(at('a;|'), ';');
  });

  test('stays inside the text, and never inside a character', () => {
    assert.equal(offsetAtCursor('', 0), 0);
    assert.equal(offsetAtCursor('a \ud83d\ude00', 4), 2);
  });
});

describe('paragraphBefore', () => {
  const paragraph = (text: string) => {
    const offset = text.indexOf('|');
    const plain = text.replace('|', '');
    const { start, end } = paragraphBefore(plain, offset);
    return plain.slice(start, end);
  };

  test('is the lines up to the word, or the paragraph before where the word begins one', () => {
    assert.equal(paragraph('Title\n\nOne line\nand th|e next'), 'One line\nand th');
    assert.equal(paragraph('Title\n\nO|ne'), 'Title\n\nO');
    assert.equal(paragraph('  a = 1\n  b| = 2'), 'a = 1\n  b');
  });

  test('is limited', () => {
    assert.equal(paragraph(`${'word '.repeat(1000)}en|d`).length, 2002);
  });
});
