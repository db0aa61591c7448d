/** No text that a person reads in the editor is missing in either language, and none is left over. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commonLabels, type LabelTexts } from '../../../src/host/panel/labels.ts';
import { errorTexts } from '../../../src/protocol/errors.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const readTexts = (file: string) => JSON.parse(read(file)) as Record<string, string>;

const labelFiles = globSync('src/host/panel/*/labels.ts', { cwd: root });
const pageLabels = await Promise.all(
  labelFiles.map(async (file) => {
    const { labels } = (await import(path.join(root, file))) as { labels: LabelTexts };
    return Object.values(labels);
  }),
);

/** The first argument of each `l10n.t(…)` in the host's sources, and the tables of error texts and of pages' labels. */
function textsInSources(): Set<string> {
  const found = new Set<string>([errorTexts, commonLabels].flatMap(Object.values).concat(pageLabels.flat()));
  for (const file of globSync(['src/host/**/*.ts', 'src/extension.ts'], { cwd: root })) {
    const source = read(file);
    const calls = [...source.matchAll(/l10n\.t\(\s*/g)];
    for (const call of calls) {
      const rest = source.slice(call.index + call[0].length);
      if (rest.startsWith('errorTexts[') || rest.startsWith('labelText)')) continue;
      const literal = /^'((?:[^'\\]|\\.)*)'/.exec(rest);
      assert.ok(
        literal,
        `${file}: l10n.t is called with something else than a plain text: ${rest.slice(0, 40)}`,
      );
      found.add(literal[1]!.replaceAll("\\'", "'"));
    }
  }
  return found;
}

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

const hasChinese = (text: string) => /\p{Script=Han}/u.test(text);

test('the Chinese bundle has exactly the texts of the sources', () => {
  const bundle = readTexts('l10n/bundle.l10n.zh-cn.json');
  assert.deepEqual(Object.keys(bundle).sort(), [...textsInSources()].sort());
});

test('a translation has the placeholders of its original', () => {
  for (const [english, chinese] of Object.entries(readTexts('l10n/bundle.l10n.zh-cn.json'))) {
    assert.deepEqual(placeholders(chinese), placeholders(english), english);
  }
});

test('the manifest’s texts are the same keys in both languages, each of them used', () => {
  const english = readTexts('package.nls.json');
  const chinese = readTexts('package.nls.zh-cn.json');
  const manifest = read('package.json');
  const used = new Set([...manifest.matchAll(/"%([\w.-]+)%"/g)].map((match) => match[1]!));
  assert.ok(used.size > 30);
  assert.deepEqual(Object.keys(english).sort(), [...used].sort());
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
});

test('what is translated is Chinese', () => {
  const shared = new Set([
    'BOS',
    '{0} ms',
    'f(x): {0}',
    '⟶ {0} ({1})',
    '{0}…',
    '{0}… {1}',
    '{0}: {1}',
    '{0}; {1}',
    '{0}, {1}: {2}',
    '{0} = {1}',
    'f(x) = {0}',
    'MLP {0}',
    'Σ',
  ]);
  const bundle = { ...readTexts('l10n/bundle.l10n.zh-cn.json'), ...readTexts('package.nls.zh-cn.json') };
  for (const [key, text] of Object.entries(bundle)) {
    assert.ok(hasChinese(text) || shared.has(key), `${key}: ${text}`);
  }
});
