/** The walkthrough promises nothing that is not there, in either language. */
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import manifest from '../../../package.json' with { type: 'json' };
import { walkthroughPictures } from '../../../scripts/lib/walkthroughPictures.ts';
import { sights } from '../../../src/host/names.ts';
import { samples } from '../../../src/host/samples/samples.ts';

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

const { commands, walkthroughs } = manifest.contributes;
const steps = walkthroughs.flatMap((walkthrough) => walkthrough.steps as Step[]);
const ours = new Set(commands.map(({ command }) => command));

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
  const tried = new Set<string>();
  for (const { id, description } of steps) {
    const [english, chinese] = textsOf(description).map(linksIn);
    assert.deepEqual(chinese, english, id);
    for (const link of english!) {
      const { protocol, pathname, host, search } = new URL(link);
      if (protocol === 'https:') {
        assert.equal(host, 'huggingface.co');
        continue;
      }
      assert.equal(protocol, 'command:');
      commandLinks += 1;
      if (pathname === 'whytoken.trySample') {
        const name = JSON.parse(decodeURIComponent(search.slice(1))) as string;
        assert.ok(Object.hasOwn(samples, name), `${id}: ${name}`);
        tried.add(name);
      } else assert.ok(ours.has(pathname), `${id}: ${pathname}`);
    }
  }
  assert.ok(commandLinks >= 5);
  assert.deepEqual([...tried].sort(), Object.keys(samples).sort(), 'each sample is offered');
});

test('a step is done when something was shown, each by a sight of its own', () => {
  const events = steps.flatMap(({ completionEvents = [] }) => completionEvents);
  assert.deepEqual(events.sort(), sights.map((sight) => `onContext:whytoken.seen.${sight}`).sort());
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
    assert.doesNotMatch(svg, /<(script|style|foreignObject|image|use|a)\b|\bon\w+=|(?<![\w-])style=|href=/);
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

test('the pictures show what the model that comes along says of the samples', async () => {
  const texts = (svg: string) => [...svg.matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
  for (const [name, drawn] of Object.entries(await walkthroughPictures())) {
    const file = `media/walkthrough/${name}.svg`;
    assert.deepEqual(texts(read(file)), texts(drawn), `${file}: run "node scripts/walkthroughPictures.ts"`);
  }
});
