import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TextChange, TrackedSpan } from '../../../../src/host/text/trackedSpan.ts';

/**
 * The oracle knows no offsets: every character of its document is an object, so the characters that the span began
 * with are found again by identity.
 */
interface Marked {
  char: string;
}

const mark = (text: string): Marked[] => text.split('').map((char) => ({ char }));

function applyTo(document: Marked[], changes: readonly TextChange[]): Marked[] {
  const result = [...document];
  for (const { rangeOffset, rangeLength, text } of changes) {
    result.splice(rangeOffset, rangeLength, ...mark(text));
  }
  return result;
}

/** Where `span` stands in `document` as one unbroken piece, or null. */
function find(document: readonly Marked[], span: readonly Marked[]): number | null {
  const start = document.indexOf(span[0]!);
  return start >= 0 && span.every((mark, i) => document[start + i] === mark) ? start : null;
}

/** One event: changes that do not overlap, from the last in the text to the first, as VS Code sends them. */
function event(length: number, seeds: readonly { a: number; b: number; text: string }[]): TextChange[] {
  const sorted = seeds
    .map(({ a, b, text }) => {
      const [from, to] = [a % (length + 1), b % (length + 1)].sort((x, y) => x - y) as [number, number];
      return { rangeOffset: from, rangeLength: to - from, text };
    })
    .filter(({ rangeLength, text }) => rangeLength > 0 || text !== '')
    .sort((x, y) => y.rangeOffset - x.rangeOffset);
  const changes: TextChange[] = [];
  for (const change of sorted) {
    const next = changes.at(-1);
    if (!next || change.rangeOffset + change.rangeLength < next.rangeOffset) changes.push(change);
  }
  return changes;
}

const edit = fc.record({
  a: fc.nat(60),
  b: fc.nat(60),
  text: fc.constantFrom('', '', 'x', '\n', 'long er', '\ud83d\ude00'),
});

test('a span stays on its own characters or is dropped, whatever the edits', () => {
  let survived = 0;
  let lost = 0;
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
      (start, length, events) => {
        let document = mark('a tale of characters that are told apart');
        const own = document.slice(start, start + length);
        const span = new TrackedSpan(start, start + length);
        let expected: number | null = start;
        for (const seeds of events) {
          const changes = event(document.length, seeds);
          document = applyTo(document, changes);
          span.apply(changes);
          if (expected !== null) expected = find(document, own);
          assert.equal(span.intact, expected !== null);
          if (expected === null) continue;
          assert.deepEqual([span.start, span.end], [expected, expected + length]);
        }
        if (expected === null) lost += 1;
        else survived += 1;
      },
    ),
    { numRuns: 5000 },
  );
  assert.ok(survived > 500 && lost > 500, `both outcomes are met often: ${survived}, ${lost}`);
});

test('typing at either border leaves the span whole', () => {
  const span = new TrackedSpan(3, 6);
  span.apply([{ rangeOffset: 3, rangeLength: 0, text: 'ab' }]);
  span.apply([{ rangeOffset: 8, rangeLength: 0, text: 'cd' }]);
  assert.deepEqual([span.start, span.end, span.intact], [5, 8, true]);
});

test('undoing a deletion does not bring a dropped span back', () => {
  const span = new TrackedSpan(3, 6);
  span.apply([{ rangeOffset: 2, rangeLength: 3, text: '' }]);
  span.apply([{ rangeOffset: 2, rangeLength: 0, text: 'cde' }]);
  assert.equal(span.intact, false);
});
