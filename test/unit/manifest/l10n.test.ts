/** No text that a person reads in the editor is missing in either language, and none is left over. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commonLabels, type LabelTexts } from '../../../src/host/panel/labels.ts';
import { errorTexts } from '../../../src/protocol/errors.ts';
import { receiptTexts } from '../../../src/text/telling/receipt.ts';

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

const translated = [
  { files: ['src/host/**/*.ts', 'src/extension.ts'], call: /l10n\.t\(\s*/g },
  { files: ['src/text/telling/*.ts'], call: /\bsay\(\s*/g },
];

/**
 * The first argument of each `l10n.t(…)` in the host's sources and of each `say(…)` where results are told, and the tables
 * of texts.
 */
function textsInSources(): Set<string> {
  const tables = [errorTexts, commonLabels, receiptTexts].flatMap(Object.values);
  const found = new Set<string>(tables.concat(pageLabels.flat()));
  for (const { files, call } of translated) {
    for (const file of globSync(files, { cwd: root })) {
      const source = read(file);
      for (const { index, 0: opening } of source.matchAll(call)) {
        const rest = source.slice(index + opening.length);
        if (/^(errorTexts\[|labelText\)|receiptTexts\.)/.test(rest)) continue;
        const literal = /^'((?:[^'\\]|\\.)*)'/.exec(rest);
        assert.ok(
          literal,
          `${file}: something else than a plain text is to be translated: ${rest.slice(0, 40)}`,
        );
        found.add(literal[1]!.replaceAll("\\'", "'"));
      }
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

/** What was once said in several ways, and the way that was left out. */
const oneWay: [no: RegExp, instead: string][] = [
  [/……/, '…'],
  [/凭据/, '复现信息'],
  [/斯皮尔曼|等级相关|Spearman ρ/, '秩相关（Spearman）'],
  [/弗罗贝尼乌斯/, 'Frobenius'],
  [/标准误差/, '标准误'],
  [/截去/, '截断'],
  [/满条/, '满格'],
  [/幽灵文本/, '虚影文本'],
  [/第 (\{\d\}|\d+) (头|层第|层的头|层，头)/, '第 {0} 层头 {1}'],
  [/注意力头/, '头'],
  [/Rollout/, 'rollout'],
  [/部分能写入|个部分/, '组件'],
  [/(^|[^词])目标的( logit|对数概率|概率)/, '目标词元的'],
  [/右键|左键/, '按 →'],
  [/预测损失/, '优势减少'],
];

test('in Chinese one thing has one name', () => {
  const texts = {
    ...readTexts('l10n/bundle.l10n.zh-cn.json'),
    ...readTexts('package.nls.zh-cn.json'),
    ...Object.fromEntries(
      ['README.zh-cn.md', ...globSync('samples/zh-cn/*', { cwd: root })].map((f) => [f, read(f)]),
    ),
  };
  for (const [key, text] of Object.entries(texts)) {
    for (const [no, instead] of oneWay) assert.doesNotMatch(text, no, `${key}: ${instead}`);
  }
});

test('the two READMEs lead to each other and have the same pictures, commands, tables and numbers', () => {
  const [english, chinese] = [read('README.md'), read('README.zh-cn.md')];
  for (const text of [english, chinese]) assert.doesNotMatch(text, /^[<=>]{7}/m, 'a merge was left open');
  assert.match(english, /\(README\.zh-cn\.md\)/);
  assert.match(chinese, /\(README\.md\)/);
  const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found]) => found);
  const links = /\]\(((?!README)[^)]+)\)/g;
  assert.deepEqual(all(chinese, links), all(english, links));
  assert.deepEqual(all(chinese, /```\n([^`]*)```/g), all(english, /```\n([^`]*)```/g));
  assert.deepEqual(all(chinese, /^(#+) /gm), all(english, /^(#+) /gm));
  assert.equal(all(chinese, /^(\|.*)$/gm).length, all(english, /^(\|.*)$/gm).length);
  const numbers = (text: string) =>
    all(text, /(\d[\d.,]*\d|\d)/g)
      .filter((n) => n !== '124' && n !== '1.24')
      .sort();
  assert.deepEqual(numbers(chinese), numbers(english));
  const code = (text: string) => all(text, /(`[^`\n]+`)/g).sort();
  assert.deepEqual(code(chinese), code(english));
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
    'ALTI-Logit',
  ]);
  const bundle = { ...readTexts('l10n/bundle.l10n.zh-cn.json'), ...readTexts('package.nls.zh-cn.json') };
  for (const [key, text] of Object.entries(bundle)) {
    assert.ok(hasChinese(text) || shared.has(key), `${key}: ${text}`);
  }
});
