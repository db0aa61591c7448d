import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { Tokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { byteToCharacter } from '../../../../src/inference/tokenizer/byteAlphabet.ts';
import { openTokenizer } from '../../../../src/inference/tokenizer/tokenizer.ts';
import type { EncodedToken, Gpt2Tokenizer } from '../../../../src/inference/tokens.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { endOfText, tokenizerFixture, tokenizerJson, writeTokenizer } from '../../../fixtures/tokenizer.ts';
import { propertyRuns, unicodeTexts } from '../../../fixtures/unicode.ts';

const size = 600;

function open(t: TestContext, change: (json: TokenizerJson) => void = () => {}): Gpt2Tokenizer {
  const folder = temporaryFolder(t);
  const json = tokenizerJson(tokenizerFixture(size)) as TokenizerJson;
  change(json);
  fs.writeFileSync(path.join(folder, 'tokenizer.json'), JSON.stringify(json));
  return openTokenizer(folder, size + 20);
}

interface TokenizerJson {
  added_tokens?: object[];
  model: { type?: string; vocab: Record<string, number>; merges: unknown[] };
}

function pieces(text: string, tokens: EncodedToken[]): string[] {
  return tokens.map(({ start, end }) => text.slice(start, end));
}

test('the bytes of the tokens are exactly the text’s UTF-8, and their ranges tile it', (t) => {
  const tokenizer = open(t);
  fc.assert(
    fc.property(unicodeTexts, (text) => {
      const tokens = tokenizer.encode(text);
      assert.ok(Buffer.concat(tokens.map(({ bytes }) => bytes)).equals(Buffer.from(text)));
      assert.equal(pieces(text, tokens).join(''), text);
      let end = 0;
      for (const token of tokens) {
        assert.equal(token.start, end);
        assert.deepEqual(token.bytes, tokenizer.bytesOf(token.id));
        end = token.end;
      }
      assert.equal(end, text.length);
    }),
    { numRuns: propertyRuns, seed: 2 },
  );
});

test('the ids are the library’s, where the library itself is right', (t) => {
  const tokenizer = open(t);
  const library = new Tokenizer({ ...tokenizerJson(tokenizerFixture(size)), added_tokens: [] }, {});
  // JavaScript's \s has U+FEFF and lacks U+0085, unlike the Unicode white space that GPT-2 was tokenized with.
  const comparable = unicodeTexts.filter((text) => !/[\ufeff\u0085]/.test(text));
  fc.assert(
    fc.property(comparable, (text) => {
      assert.deepEqual(
        tokenizer.encode(text).map(({ id }) => id),
        library.encode(text).ids,
      );
    }),
    { numRuns: propertyRuns / 4, seed: 3 },
  );
});

test('words are merged and spaces kept', (t) => {
  const text = ' the  the\t the\n of ';
  assert.deepEqual(pieces(text, open(t).encode(text)), [' the', ' ', ' the', '\t', ' the', '\n', ' of', ' ']);
});

test('U+0085 is white space and U+FEFF is not, as in Unicode and unlike in JavaScript', (t) => {
  // Merges across the border of each character and a full stop: only within one word do they apply.
  const tokenizer = open(t, ({ model }) => {
    for (const [i, byte] of [0x85, 0xbf].entries()) {
      model.vocab[`${byteToCharacter[byte]}.`] = size + i;
      model.merges.push(`${byteToCharacter[byte]} .`);
    }
  });
  const ids = (text: string): number[] => tokenizer.encode(text).map(({ id }) => id);
  assert.equal(ids('\u0085.').includes(size), false);
  assert.equal(ids('\ufeff.').includes(size + 1), true);
});

test('a typed <|endoftext|> is text', (t) => {
  const tokenizer = open(t);
  const tokens = tokenizer.encode(`a${endOfText}b`);
  assert.ok(tokens.every(({ id, bytes }) => id !== tokenizer.endOfText && bytes.length > 0));
  assert.equal(Buffer.concat(tokens.map(({ bytes }) => bytes)).toString(), 'a<|endoftext|>b');
});

test('a lone surrogate is the bytes EF BF BD', (t) => {
  const tokens = open(t).encode('\udc00');
  assert.equal(Buffer.concat(tokens.map(({ bytes }) => bytes)).toString('hex'), 'efbfbd');
  assert.deepEqual(
    tokens.map(({ start, end }) => [start, end]),
    [
      [0, 1],
      [1, 1],
      [1, 1],
    ],
  );
});

test('bytes and texts of single tokens', (t) => {
  const tokenizer = open(t);
  const id = (text: string): number => tokenizer.encode(text)[0]!.id;
  assert.equal(tokenizer.textOf(id(' the')), ' the');
  assert.equal(tokenizer.textOf(id('\ufeff')), '\ufffd');
  assert.deepEqual([...tokenizer.bytesOf(id('é'))], [0xc3]);
  assert.equal(tokenizer.textOf(tokenizer.endOfText), endOfText);
  assert.equal(tokenizer.bytesOf(tokenizer.endOfText).length, 0);
  assert.equal(tokenizer.endOfText, size - 1);
  assert.equal(tokenizer.vocabularySize, size + 20);
  assert.equal(tokenizer.textOf(size), `[unused ${size}]`);
  assert.equal(tokenizer.bytesOf(size + 19).length, 0);
  for (const bad of [-1, size + 20, 0.5, Number.NaN]) {
    assert.throws(() => tokenizer.textOf(bad), {
      code: 'token-unknown',
      facts: { id: bad, last: size + 19 },
    });
  }
});

test('a token that is a byte-order mark keeps it', (t) => {
  const tokenizer = open(t, ({ model }) => {
    model.vocab[[0xef, 0xbb, 0xbf].map((byte) => byteToCharacter[byte]).join('')] = size;
  });
  assert.equal(tokenizer.textOf(size), '\ufeff');
});

test('no text, no tokens', (t) => assert.deepEqual(open(t).encode(''), []));

const sample = "The capital of France, it's <|endoftext|> é😀\n\n  function";
const sameAs: Record<string, (json: TokenizerJson) => void> = {
  'merges as pairs': (json) => Object.assign(json, tokenizerJson(tokenizerFixture(size), true)),
  'no added_tokens': (json) => delete json.added_tokens,
  'an <|endoftext|> that is not called special': (json) => {
    json.added_tokens = [{ id: size - 1, content: endOfText }];
  },
  'no model type, as in OpenAI’s own file': (json) => delete json.model.type,
};

for (const [what, change] of Object.entries(sameAs)) {
  test(`reads a tokenizer.json with ${what}`, (t) => {
    assert.deepEqual(open(t, change).encode(sample), open(t).encode(sample));
  });
}

test('reads vocab.json and merges.txt where there is no tokenizer.json', (t) => {
  const folder = temporaryFolder(t);
  writeTokenizer(folder, size, 'vocab.json');
  assert.deepEqual(openTokenizer(folder, size).encode(sample), open(t).encode(sample));
  // Windows' line ends, and no version line.
  const merges = path.join(folder, 'merges.txt');
  fs.writeFileSync(
    merges,
    fs.readFileSync(merges, 'utf8').replace('#version: 0.2\n', '').replaceAll('\n', '\r\n'),
  );
  assert.deepEqual(openTokenizer(folder, size).encode(sample), open(t).encode(sample));
});

test('without merges every byte is a token', (t) => {
  const tokenizer = open(t, (json) => {
    json.model.merges = [];
  });
  assert.equal(tokenizer.encode(sample).length, Buffer.byteLength(sample));
});

test('added tokens are one token wherever they stand, the longest first; special ones are text', (t) => {
  const tokenizer = open(t, (json) => {
    json.added_tokens!.push(
      { id: size, content: '<user>', special: false },
      { id: size + 1, content: '<user> (a)', special: false },
      { id: size + 2, content: '[PAD]', special: true, lstrip: true },
      { id: size + 3, content: '名前 é', special: false },
    );
  });
  const text = 'a<user>b<user> (a)[PAD]名前 é<user';
  const tokens = tokenizer.encode(text);
  assert.equal(pieces(text, tokens).join(''), text);
  const byId = (id: number): string[] =>
    pieces(
      text,
      tokens.filter((token) => token.id === id),
    );
  assert.deepEqual([size, size + 1, size + 2, size + 3].map(byId), [
    ['<user>'],
    ['<user> (a)'],
    [],
    ['名前 é'],
  ]);
  assert.equal(tokenizer.textOf(size + 2), '[PAD]');
  assert.equal(tokenizer.textOf(size + 3), '名前 é');
});
