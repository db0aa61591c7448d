/** The walkthrough promises nothing that is not there, in either language. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import manifest from '../../../package.json' with { type: 'json' };

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const languages = ['package.nls.json', 'package.nls.zh-cn.json'].map(
  (file) => JSON.parse(read(file)) as Record<string, string>,
);

interface Step {
  id: string;
  title: string;
  description: string;
  media: { svg: string; altText: string };
  completionEvents?: string[];
}

const { commands, walkthroughs, configuration } = manifest.contributes;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps as Step[]);
const ours = new Set(commands.map(({ command }) => command));
const settings = new Set(configuration.flatMap(({ properties }) => Object.keys(properties)));

const textsOf = (key: string) => languages.map((texts) => texts[key.slice(1, -1)]!);
const linksIn = (text: string) => [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!);

test('its steps lead from the first selection to a model of one’s own', () => {
  assert.deepEqual(
    walkthroughs.map(({ id }) => id),
    ['whytoken.start'],
  );
  assert.deepEqual(
    steps.map(({ id }) => id),
    ['select', 'hover', 'generate', 'overlays', 'model'],
  );
});

test('every link runs a command that exists, the same in both languages', () => {
  let commandLinks = 0;
  for (const { id, description } of steps) {
    const [english, chinese] = textsOf(description).map(linksIn);
    assert.deepEqual(chinese, english, id);
    for (const link of english!) {
      const { protocol, pathname, host } = new URL(link);
      if (protocol === 'https:') {
        assert.equal(host, 'huggingface.co');
        continue;
      }
      assert.equal(protocol, 'command:');
      commandLinks += 1;
      assert.ok(ours.has(pathname), `${id}: ${pathname}`);
    }
  }
  assert.ok(commandLinks >= 5);
});

test('a step is done by a command that its text offers, or a setting that exists', () => {
  for (const { id, description, completionEvents = [] } of steps) {
    const links = textsOf(description).flatMap(linksIn);
    for (const event of completionEvents) {
      const [kind, subject] = event.split(':');
      if (kind === 'onCommand') assert.ok(links.includes(`command:${subject}`), `${id}: ${event}`);
      else assert.ok(kind === 'onSettingChanged' && settings.has(subject!), `${id}: ${event}`);
    }
  }
});

const packaged = read('.vscodeignore').split('\n');

test('each has a picture of its own, which is in the package and is described', () => {
  const pictures = steps.map(({ media }) => media.svg);
  assert.deepEqual(
    globSync('media/walkthrough/*', { cwd: root }).sort(),
    pictures.toSorted().map((picture) => path.normalize(picture)),
  );
  for (const { media } of steps) {
    assert.ok(existsSync(path.join(root, media.svg)));
    assert.ok(packaged.includes(`!${media.svg.split('/')[0]}/**`));
    for (const text of textsOf(media.altText)) assert.ok(text.length > 10);
  }
});

test('a picture takes every colour from the theme, and has nothing that acts', () => {
  const contributed = new Set(manifest.contributes.colors.map(({ id }) => id.replaceAll('.', '-')));
  for (const { media } of steps) {
    const svg = read(media.svg);
    assert.doesNotMatch(svg, /<(script|style|foreignObject|image|use|a)\b|\bon\w+=|\bstyle=|href=/);
    const colours = [...svg.matchAll(/\b(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour!);
    assert.ok(colours.length > 5);
    for (const colour of colours) {
      assert.match(colour, /^(none|var\(--vscode-[\w-]+(, var\(--vscode-[\w-]+\))?\))$/, media.svg);
    }
    const texts = svg.match(/<text /g)?.length ?? 0;
    assert.equal([...svg.matchAll(/<text [^>]*\bfill="var/g)].length, texts, `${media.svg}: black text`);
    for (const [, name] of svg.matchAll(/--vscode-(whytoken-\w+)/g)) assert.ok(contributed.has(name!), name);
  }
});
