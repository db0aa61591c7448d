/** Every tokenizer that cannot be used, by its reason. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { openTokenizer } from '../../../../src/inference/tokenizer/tokenizer.ts';
import { EngineError, type ErrorCode } from '../../../../src/protocol/errors.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { endOfText, tokenizerFixture, tokenizerJson, writeTokenizer } from '../../../fixtures/tokenizer.ts';

const size = 300;

/** tokenizer.json with the value at a dotted path replaced; undefined removes it. */
function having(change: string, value: unknown): object {
  const json = JSON.parse(JSON.stringify(tokenizerJson(tokenizerFixture(size))));
  const keys = change.split('.');
  let at: Record<string, unknown> = json;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[keys.at(-1)!] = value;
  return json;
}

const added = (more: object): object =>
  having('added_tokens', [{ id: 38, content: '&', special: false, ...more }]);
const vocabulary = (more: object): object =>
  having('model.vocab', { ...tokenizerFixture(size).vocabulary, ...more });

const refused: [string, object, RegExp][] = [
  ['another model', having('model.type', 'WordPiece'), /model is not BPE/],
  ['no model', having('model', undefined), /model is not BPE/],
  ['a list for a model', having('model', []), /model is not BPE/],
  ...['dropout', 'continuing_subword_prefix', 'end_of_word_suffix', 'byte_fallback', 'ignore_merges'].map(
    (key): [string, object, RegExp] => [key, having(`model.${key}`, 0.1), new RegExp(`model has ${key}`)],
  ),
  ['no vocabulary', having('model.vocab', undefined), /vocabulary is not a JSON object/],
  ['a list for a vocabulary', having('model.vocab', [['a', 1]]), /vocabulary is not a JSON object/],
  ['no merges', having('model.merges', undefined), /no merges/],
  ...[1, null, 'a', 'a b c', ['a'], ['a', 1], ['a', 'b', 'c'], {}].map((merge): [string, object, RegExp] => [
    `the merge ${JSON.stringify(merge)}`,
    having('model.merges', ['t h', merge]),
    /merge 2 is not a pair/,
  ]),
  [
    'a merge of unknown tokens',
    having('model.merges', [['日', 'b']]),
    /merge 1, of "日" and "b", has a part/,
  ],
  [
    'a merge into no token',
    having('model.merges', ['z z']),
    /merge 1, of "z" and "z", has a part or a result/,
  ],
  [
    'a merge into the special token',
    (() => {
      const json = vocabulary({ '<|endoftext': size, '|>': size + 1 }) as { model: { merges: string[] } };
      json.model.merges.push('<|endoftext |>');
      return json;
    })(),
    /"<\|endoftext" and "\|>", has a part or a result that is not a token/,
  ],
  ...[-1, 1.5, '7', null, 2 ** 60, [3]].map((id): [string, object, RegExp] => [
    `the id ${JSON.stringify(id)}`,
    vocabulary({ new: id }),
    /the token "new" has the id/,
  ]),
  [
    'an id beyond the embedding',
    vocabulary({ new: size + 10 }),
    /has the id 310, but the model's embedding has 310 rows/,
  ],
  ['two tokens with one id', vocabulary({ new: 7 }), /have the same id 7/],
  [
    'a token outside the byte alphabet',
    vocabulary({ 新: size }),
    /"新" is not spelled in GPT-2's byte alphabet/,
  ],
  ['an empty token', vocabulary({ '': size }), /"" is not spelled/],
  ['a missing byte', vocabulary({ a: undefined }), /no token for the byte 97/],
  [
    'no <|endoftext|>',
    { ...vocabulary({ [endOfText]: undefined }), added_tokens: [] },
    /has no token <\|endoftext\|>/,
  ],
  ['an added token with another one’s id', added({ id: 6 }), /same id 6/],
  ['an added token without an id', added({ id: undefined }), /has no id/],
  ['an added token beyond the embedding', added({ id: 999, content: 'x y' }), /has the id 999/],
  ['an added token without text', added({ content: '' }), /added token 1 has no text/],
  ['an added token with half a character', added({ content: '\ud83d' }), /added token 1 has no text/],
  ['an added token that is no object', having('added_tokens', [null]), /added token 1 has no text/],
  ['added tokens that are not a list', having('added_tokens', {}), /added_tokens are not a list/],
  ...['lstrip', 'rstrip', 'single_word'].map((key): [string, object, RegExp] => [
    `an added token with ${key}`,
    added({ [key]: true }),
    new RegExp(`"&" has ${key}`),
  ]),
  ['a special token that is a byte', added({ special: true }), /no token for the byte 38/],
  [
    'an added token that is spelled like another text',
    (() => {
      // Read as text it is é, read in the byte alphabet the byte E9.
      const json = vocabulary({ éé: size }) as { added_tokens: object[] };
      json.added_tokens.push({ id: size, content: 'éé', special: false });
      return json;
    })(),
    /"éé" is not spelled/,
  ],
  ['a normalizer', having('normalizer', { type: 'NFC' }), /normalizer/],
  ['no pre-tokenizer', having('pre_tokenizer', null), /pre_tokenizer is not ByteLevel/],
  ['another pre-tokenizer', having('pre_tokenizer.type', 'Whitespace'), /pre_tokenizer is not ByteLevel/],
  ['a prefix space', having('pre_tokenizer.add_prefix_space', true), /add_prefix_space is not false/],
  [
    'a prefix space by default',
    having('pre_tokenizer.add_prefix_space', undefined),
    /add_prefix_space is not false/,
  ],
  ['no words', having('pre_tokenizer.use_regex', false), /use_regex is false/],
  ['another decoder', having('decoder.type', 'WordPiece'), /decoder is not ByteLevel/],
  ['an empty object', {}, /pre_tokenizer is not ByteLevel/],
];

for (const [what, json, reason] of refused) {
  test(`refuses a tokenizer.json with ${what}`, (t) => {
    refuses(t, { 'tokenizer.json': JSON.stringify(json) }, 'tokenizer-invalid', 'tokenizer.json', reason);
  });
}

const vocab = JSON.stringify(tokenizerFixture(size).vocabulary);
const files: [string, Record<string, string>, ErrorCode, string, RegExp][] = [
  ['no file', {}, 'file-missing', 'tokenizer.json', /missing/],
  ['vocab.json alone', { 'vocab.json': vocab }, 'file-missing', 'merges.txt', /missing/],
  ['a broken tokenizer.json', { 'tokenizer.json': '{"model":' }, 'json-invalid', 'tokenizer.json', /JSON/],
  [
    'a tokenizer.json that is a list',
    { 'tokenizer.json': '[]' },
    'json-invalid',
    'tokenizer.json',
    /not a JSON object/,
  ],
  ['a broken vocab.json', { 'vocab.json': '{', 'merges.txt': '' }, 'json-invalid', 'vocab.json', /JSON/],
  [
    'a vocab.json of another kind',
    { 'vocab.json': '{"[PAD]": 0}', 'merges.txt': '' },
    'tokenizer-invalid',
    'vocab.json',
    /no token <\|endoftext\|>/,
  ],
  [
    'a merges.txt of another kind',
    { 'vocab.json': vocab, 'merges.txt': '#version: 0.2\nt h\nthe\n' },
    'tokenizer-invalid',
    'merges.txt',
    /merge 2 is not a pair/,
  ],
];

for (const [what, contents, code, file, reason] of files) {
  test(`refuses a folder with ${what}`, (t) => refuses(t, contents, code, file, reason));
}

test('tokenizer files outside the folder are refused', (t) => {
  const root = temporaryFolder(t);
  writeTokenizer(root, size);
  fs.mkdirSync(path.join(root, 'model'));
  fs.symlinkSync('../tokenizer.json', path.join(root, 'model', 'tokenizer.json'));
  assert.throws(() => openTokenizer(path.join(root, 'model'), size), { code: 'file-outside-folder' });
});

function refuses(
  t: TestContext,
  contents: Record<string, string>,
  code: ErrorCode,
  file: string,
  reason: RegExp,
): void {
  const folder = temporaryFolder(t);
  for (const [name, text] of Object.entries(contents)) fs.writeFileSync(path.join(folder, name), text);
  assert.throws(
    () => openTokenizer(folder, size + 10),
    (error: unknown) => {
      assert.ok(error instanceof EngineError, String(error));
      assert.equal(error.code, code, error.message);
      assert.equal(error.facts.file, file);
      assert.match(error.message, reason);
      return true;
    },
  );
}
