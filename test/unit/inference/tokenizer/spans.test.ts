import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tokenRanges } from '../../../../src/inference/tokenizer/spans.ts';
import { propertyRuns, unicodeTexts } from '../../../fixtures/unicode.ts';

/** Cuts the UTF-8 of a text anywhere. */
const cutTexts = unicodeTexts.chain((text) => {
  const bytes = Buffer.byteLength(text);
  return fc.record({
    text: fc.constant(text),
    cuts: fc
      .array(fc.integer({ min: 0, max: bytes }), { maxLength: 20 })
      .map((cuts) => cuts.sort((a, b) => a - b)),
  });
});

test('ranges tile the text, and each has the characters that begin in its bytes, wherever it is cut', () => {
  fc.assert(
    fc.property(cutTexts, ({ text, cuts }) => {
      const edges = [0, ...cuts, Buffer.byteLength(text)];
      const ranges = tokenRanges(
        text,
        edges.slice(1).map((edge, i) => edge - edges[i]!),
      );
      assert.equal(ranges[0]!.start, 0);
      assert.equal(ranges.at(-1)!.end, text.length);
      // The UTF-16 offset at which each byte's own character begins, from the text itself.
      const begins: { byte: number; unit: number }[] = [];
      let byte = 0;
      let unit = 0;
      for (const character of text) {
        begins.push({ byte, unit });
        byte += Buffer.byteLength(character);
        unit += character.length;
      }
      ranges.forEach(({ start, end }, i) => {
        if (i > 0) assert.equal(start, ranges[i - 1]!.end);
        const inside = begins.filter((begin) => begin.byte >= edges[i]! && begin.byte < edges[i + 1]!);
        assert.deepEqual(
          begins.filter((begin) => begin.unit >= start && begin.unit < end),
          inside,
        );
      });
    }),
    { numRuns: propertyRuns, seed: 1 },
  );
});

const cases: [string, string, number[], [number, number][]][] = [
  ['no token', '', [], []],
  [
    'an emoji over four tokens',
    '😀',
    [1, 1, 1, 1],
    [
      [0, 2],
      [2, 2],
      [2, 2],
      [2, 2],
    ],
  ],
  [
    'a cut inside 世',
    'a世b',
    [2, 3],
    [
      [0, 2],
      [2, 3],
    ],
  ],
  [
    'a lone high and low surrogate',
    '\ud83d\ude00\ud83d',
    [4, 3],
    [
      [0, 2],
      [2, 3],
    ],
  ],
  [
    'a lone surrogate over three tokens',
    '\ude00x',
    [1, 1, 2],
    [
      [0, 1],
      [1, 1],
      [1, 2],
    ],
  ],
  [
    'two bytes: é',
    'éé',
    [1, 2, 1],
    [
      [0, 1],
      [1, 2],
      [2, 2],
    ],
  ],
];

for (const [what, text, lengths, expected] of cases) {
  test(`ranges of ${what}`, () => {
    assert.deepEqual(
      tokenRanges(text, lengths),
      expected.map(([start, end]) => ({ start, end })),
    );
  });
}

test('bytes that are not the text’s are refused', () => {
  for (const lengths of [[], [1], [4], [2, 2], [1, 1]]) {
    assert.throws(() => tokenRanges('a世'.slice(1), lengths), RangeError, String(lengths));
  }
});
