import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tokenRanges } from '../../../src/inference/tokenizer/spans.ts';
import { generatedRanges, type TextRange } from '../../../src/text/generatedRanges.ts';

const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

/** Bytes cut into tokens at some places, as a byte-level vocabulary cuts them. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set([0, ...places.map((place) => place % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

const character = fc.constantFrom('a', ' ', '\n', 'é', 'ñ', '中', '文', '€', '😀', '🏳', '\u200d', '\ufeff');
const places = fc.array(fc.nat(200), { maxLength: 30 });

/** Ranges begin with the text, leave nothing out and end with it. */
function assertTiles(ranges: readonly TextRange[], text: string): void {
  let end = 0;
  for (const range of ranges) {
    assert.equal(range.start, end);
    ({ end } = range);
  }
  assert.equal(end, text.length);
}

/** Characters that a text has once, cut anywhere: there is one place only that a whole token can have. */
const distinct = fc.uniqueArray(character, { maxLength: 12 }).map((some) => some.join(''));

test('tokens that are whole characters have the ranges that their bytes have, whatever is split around them', () => {
  let split = 0;
  fc.assert(
    fc.property(distinct, places, (text, at) => {
      const tokens = cut(new TextEncoder().encode(text), at);
      const texts = tokens.map(decode);
      const ranges = generatedRanges(text, texts)!;
      assertTiles(ranges, text);
      const exact = tokenRanges(
        text,
        tokens.map(({ length }) => length),
      );
      for (const [i, token] of texts.entries()) {
        if (token.includes('\ufffd')) split += 1;
        else assert.deepEqual(ranges[i], exact[i]);
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(split > 5000, `characters are often split: ${split}`);
});

// Of "€€", one of them split, the pieces do not tell which one.
test('where a text repeats itself, a whole token still has its own text', () => {
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 20 }), places, (text, at) => {
      const texts = cut(new TextEncoder().encode(text), at).map(decode);
      const ranges = generatedRanges(text, texts)!;
      assertTiles(ranges, text);
      for (const [i, token] of texts.entries()) {
        if (!token.includes('\ufffd')) assert.equal(text.slice(ranges[i]!.start, ranges[i]!.end), token);
      }
    }),
    { numRuns: 5000, examples: [['a😀🏳€€\ufeff', [4, 8, 10, 12, 15, 16]]] },
  );
});

test('a character in two tokens belongs to the one that begins it', () => {
  for (const text of ['é', '中', '😀']) {
    const bytes = new TextEncoder().encode(`a${text}b`);
    for (let at = 2; at < bytes.length - 1; at++) {
      const tokens = [bytes.subarray(0, at), bytes.subarray(at)];
      const exact = tokenRanges(`a${text}b`, [at, bytes.length - at]);
      assert.deepEqual(generatedRanges(`a${text}b`, tokens.map(decode)), exact);
    }
  }
});

const anyBytes = fc.array(
  fc.oneof(
    fc.constantFrom(0x41, 0x20, 0xe4, 0xb8, 0xad, 0xf0, 0x9f, 0x98, 0x80, 0xc3, 0xa9, 0xff),
    fc.nat(255),
  ),
  { maxLength: 16 },
);

test('bytes that are no UTF-8 misalign nothing: ranges tile the text, and whole tokens have their own text', () => {
  let broken = 0;
  fc.assert(
    fc.property(anyBytes, places, (list, at) => {
      const bytes = Uint8Array.from(list);
      const text = decode(bytes);
      const texts = cut(bytes, at).map(decode);
      if (text.includes('\ufffd')) broken += 1;
      const ranges = generatedRanges(text, texts);
      assert.ok(ranges, JSON.stringify({ text, texts }));
      assertTiles(ranges, text);
      for (const [i, { start, end }] of ranges.entries()) {
        if (!texts[i]!.includes('\ufffd')) assert.equal(text.slice(start, end), texts[i]);
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(broken > 2000, `most are broken: ${broken}`);
});

test('a text that a stop has cut short ends inside a token; tokens behind it are empty', () => {
  assert.deepEqual(generatedRanges('one tw', ['one', ' two', ' three']), [
    { start: 0, end: 3 },
    { start: 3, end: 6 },
    { start: 6, end: 6 },
  ]);
});

test('a character that is not whole yet has no range', () => {
  assert.deepEqual(generatedRanges('ok ', ['ok', ' \ufffd']), [
    { start: 0, end: 2 },
    { start: 2, end: 3 },
  ]);
});

test('tokens of another text are refused', () => {
  assert.equal(generatedRanges('one two', ['one', ' too']), null);
  assert.equal(generatedRanges('one two', ['one']), null);
});

test('however many pieces there are, the search comes to its end', () => {
  const halves = Array<string>(4096).fill('\ufffd');
  assert.equal(generatedRanges('\ufffd'.repeat(4096), halves)?.length, 4096);
  assert.equal(generatedRanges('😀'.repeat(1024), halves)?.length, 4096);
  assert.equal(generatedRanges(`${'\ufffd'.repeat(3000)}x`, halves), null);
});
