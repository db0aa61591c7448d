import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  offsetAtCursor,
  paragraphBefore,
  stretchBefore,
  takeSnapshot,
  withoutEnd,
  withoutSpaceBehind,
} from '../../../../src/host/text/snapshot.ts';

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

test('white space at the end of a selection is left out, but not all of it where there is nothing else', () => {
  const kept = (text: string, start = 0, end = text.length) => {
    const { start: from, end: to } = withoutEnd(text, { start, end });
    return text.slice(from, to);
  };
  assert.equal(kept('one line\n'), 'one line');
  assert.equal(kept('  one line \t\r\n\r\n'), '  one line');
  assert.equal(kept('one line\nanother', 0, 9), 'one line');
  assert.equal(kept('one line', 3, 4), ' ');
  assert.equal(kept('word 国\u3000'), 'word 国');
});

test('spaces behind the last word of a line are left out; line breaks and indentation are what was asked about', () => {
  const kept = (text: string) => text.slice(0, withoutSpaceBehind(text, { start: 0, end: text.length }).end);
  assert.equal(kept('The capital of France is  '), 'The capital of France is');
  assert.equal(kept('def f(n):\n    '), 'def f(n):\n    ');
  assert.equal(kept('def f(n):\n'), 'def f(n):\n');
  assert.equal(kept('def f(n):\n    return '), 'def f(n):\n    return');
  assert.equal(kept('   '), '   ');
});
