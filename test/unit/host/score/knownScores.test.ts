/** What stays known of a document while it is edited, against GPT-2's own split into words. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { blockOf } from '../../../../src/host/score/blocks.ts';
import { KnownScores } from '../../../../src/host/score/knownScores.ts';
import { cutBehind, cutBehindToken } from '../../../../src/host/text/cut.ts';
import type { TextChange } from '../../../../src/host/text/trackedSpan.ts';
import type { TokenScore } from '../../../../src/protocol/results.ts';

const pattern =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

/** Every token of a text; its log-probability tells the text in front of it apart from any other. */
function tokenize(text: string): TokenScore[] {
  return [...text.matchAll(pattern)].map(([word], index, all) => ({
    id: index,
    text: word,
    start: all[index]!.index,
    end: all[index]!.index + word.length,
    logProb: -hash(text.slice(0, all[index]!.index)),
    rank: 1,
    entropy: 0,
    context: index,
    top: [],
  }));
}

function hash(text: string): number {
  let value = 7;
  for (const unit of text) value = (Math.imul(value, 31) + unit.codePointAt(0)!) >>> 0;
  return value;
}

const letters = fc.constantFrom(
  'a',
  'b',
  ' ',
  ' ',
  '\n',
  '1',
  '.',
  "'",
  's',
  '\u0085',
  '\ufeff',
  '\u4e2d',
  '\ud83d\ude00',
);
const document = fc.string({ unit: letters, maxLength: 40 });

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
  test('knows only what a new reading would tell, and paints no token on another text', () => {
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

describe('blockOf', () => {
  test('reads a long document from the beginning of a line in the block before', () => {
    const line = `${'x'.repeat(99)}\n`;
    const text = line.repeat(2000);
    assert.equal(blockOf(text, { start: 60_000, end: 60_010 }).base, 0);
    const { base } = blockOf(text, { start: 150_000, end: 150_010 });
    assert.equal(base % 100, 0);
    assert.ok(base >= 3 * 32 * 1024 && base < 3 * 32 * 1024 + 100);
    assert.equal(blockOf(text, { start: 160_000, end: 160_010 }).base, base);
  });

  test('never begins inside a character', () => {
    const text = `a${'\ud83d\ude00'.repeat(100_000)}`;
    const { base } = blockOf(text, { start: 150_000, end: 150_010 });
    assert.equal(text.codePointAt(base), 0x1f600);
  });
});
