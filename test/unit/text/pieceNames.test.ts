/** Tokens that are pieces of characters: each can be told from the others, where it stands in a text and elsewhere. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { root } from '../../../scripts/lib/project.ts';
import { Run } from '../../../src/inference/run.ts';
import { openEngine } from '../../../src/inference/serve/engine.ts';
import { isInside, nameOfBytes, namesInText, textBefore, tokenName } from '../../../src/text/pieceNames.ts';
import { explainRequest } from '../../fixtures/requests.ts';
import { propertyRuns, unicodeTexts } from '../../fixtures/unicode.ts';

const modelDir = path.join(root, 'models', 'tiny-gpt2');
const engine = openEngine();
after(() => engine.dispose());

/** The names of a text's pieces that have so many bytes each. */
const names = (text: string, ...lengths: number[]) =>
  namesInText(
    text,
    lengths.map((bytes) => ({ bytes, start: 0, end: text.length })),
  );

test('what is no text is named by its bytes; what is text stays text', () => {
  const named = (...bytes: number[]) => nameOfBytes(Uint8Array.from(bytes));
  assert.equal(named(...Buffer.from(' the 国 \ufeff\ufffd')), null, 'a real U+FFFD is a character');
  assert.equal(named(), null);
  assert.equal(named(0xe5, 0x9b), '‹E5 9B›');
  assert.equal(named(0x20, 0xe5), ' ‹E5›');
  assert.equal(named(0x0a), null);
  assert.equal(named(0xbd, ...Buffer.from('国a'), 0xf0), '‹BD›国a‹F0›');
  // Too long for what it is, a surrogate, and beyond Unicode.
  assert.equal(named(0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80), '‹C0 80 ED A0 80 F4 90 80 80›');
});

test('where a piece stands in the text it is named by its character and its place in it', () => {
  assert.deepEqual(names('国', 1, 1, 1), ['国 1/3', '国 2/3', '国 3/3']);
  assert.deepEqual(names('国', 2, 1), ['国 1/2', '国 2/2']);
  assert.deepEqual(names(' 国', 2, 2), [' 国 1/2', '国 2/2'], 'the space is joined with the first byte');
  assert.deepEqual(names('国你', 1, 4, 1), ['国 1/2', '国 2/2 · 你 1/2', '你 2/2']);
  assert.deepEqual(names('a国', 2, 2), ['a · 国 1/2', '国 2/2']);
  assert.deepEqual(names('国a', 2, 2), ['国 1/2', '国 2/2 · a']);
  assert.deepEqual(names('国 a', 3, 2), [null, null]);
  assert.deepEqual(names('\ud800', 1, 2), ['\ufffd 1/2', '\ufffd 2/2']);
  assert.deepEqual(names(''), []);
});

test('the code points of an emoji with a ZWJ are characters of their own', () => {
  // 4, 3 and 4 bytes, cut after 3, 5 and 7 of them.
  assert.deepEqual(names('👩\u200d💻', 3, 2, 2, 4), ['👩 1/2', '👩 2/2 · \u200d 1/2', '\u200d 2/2', null]);
});

test('no two pieces of a character have one name, and each has a name only if it is cut', () => {
  // Each character once: of two in a row that are the same, pieces may well have the same name.
  const texts = unicodeTexts.map((text) => [...new Set(text.toWellFormed())].join(''));
  const cutTexts = texts.chain((text) =>
    fc.tuple(fc.constant(text), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 })),
  );
  fc.assert(
    fc.property(cutTexts, ([text, sizes]) => {
      const lengths: number[] = [];
      let rest = Buffer.byteLength(text);
      for (let piece = 0; rest > 0; piece++) {
        lengths.push(Math.min(sizes[piece % sizes.length]!, rest));
        rest -= lengths.at(-1)!;
      }
      const bytes = Buffer.from(text);
      let at = 0;
      const all = names(text, ...lengths);
      for (const [index, name] of all.entries()) {
        const piece = bytes.subarray(at, at + lengths[index]!);
        at += piece.length;
        assert.equal(name === null, nameOfBytes(piece) === null, JSON.stringify([text, lengths, index]));
        if (name !== null && isInside(piece)) assert.notEqual(name, all[index - 1]);
      }
    }),
    { numRuns: propertyRuns, seed: 3 },
  );
});

test('what comes before a piece is told with the part of its character that has been read', () => {
  const before = { text: '在' };
  const first = { text: '\ufffd', name: '国 1/3', begun: '国' };
  const second = { text: '\ufffd', name: '国 2/3', begun: '', inside: true as const };
  const third = { text: '\ufffd', name: '国 3/3', begun: '', inside: true as const };
  assert.equal(textBefore([before], first), '在');
  assert.equal(textBefore([before, first], second), '在 · 国 1/3');
  assert.equal(textBefore([before, first, second], third), '在 · 国 2/3');
  assert.equal(textBefore([before, first, second, third], { text: ' a' }), '在国');
  assert.equal(textBefore([first], second), '国 1/3');
  assert.equal(textBefore([second], third), '国 2/3', 'without the token that began it');
  const joined = { text: '\ufffd', name: '国 3/3 · 你 1/2', begun: '你', inside: true as const };
  assert.equal(textBefore([first, second, joined], { text: '\ufffd', inside: true }), '国 · 你 1/2');
  assert.equal(textBefore([before, third], undefined), '在');
});

test('the engine names the pieces of Chinese text', async () => {
  const text = 'The word 国家 means';
  const params = { modelDir, text, bos: true };
  const { tokens } = await engine.score({ ...params, range: null, top: 5, stride: null }, Run.detached());
  const pieces = tokens.filter(({ name }) => name !== undefined);
  assert.ok(pieces.length >= 4, JSON.stringify(tokens.map(tokenName)));
  assert.equal(new Set(pieces.map(tokenName)).size, pieces.length, 'each can be told apart');
  for (const token of tokens) {
    assert.equal(token.text.includes('\ufffd'), token.name !== undefined);
    if (token.name !== undefined) assert.match(token.name, /^ ?[国家] \d\/\d$/u);
    assert.equal(token.inside === true, token.start === token.end);
    for (const candidate of token.top) {
      assert.equal(candidate.text.includes('\ufffd'), candidate.name !== undefined);
      if (candidate.name !== undefined) assert.match(candidate.name, /‹[0-9A-F]{2}( [0-9A-F]{2})*›/);
    }
  }
  const position = tokens.findIndex(({ inside }) => inside);
  const explain = (target: 'actual' | 'top') =>
    engine.explain(
      explainRequest({
        ...{ modelDir, text, at: { kind: 'token', index: position }, target: { kind: target } },
        ...{ range: { start: 0, end: text.length }, method: 'gradient-norm' },
      }),
      Run.detached(),
    );
  const { target, foil, next } = await explain('actual');
  assert.equal(target.name, tokens[position]!.name, 'as it stands in the text');
  for (const { text, name } of [foil!, ...next]) assert.equal(name !== undefined, text.includes('\ufffd'));
  const distinct = new Set(next.map(tokenName));
  assert.equal(distinct.size, next.length);
  const lens = await engine.lens({ ...params, range: null, follow: null }, Run.detached());
  const columns = lens.tokens.map(tokenName);
  assert.ok(pieces.every((piece) => columns.includes(tokenName(piece))));
  assert.equal(new Set(lens.texts.map(tokenName)).size, lens.texts.length);
});
