/** Each sample shows what it says, with the model that comes along. */
import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { type SampleName, samples } from '../../../../src/host/samples/samples.ts';
import { takeSnapshot } from '../../../../src/host/text/snapshot.ts';
import { Run } from '../../../../src/inference/run.ts';
import { openEngine } from '../../../../src/inference/serve/engine.ts';
import type { AttributionMethodId, Removal } from '../../../../src/protocol/methods.ts';
import { beliefOf } from '../../../../src/text/telling/belief.ts';
import {
  attendRequest,
  distributionRequest,
  explainRequest,
  generateRequest,
  scoreRequest,
} from '../../../fixtures/requests.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const modelDir = path.join(root, 'models/tiny-gpt2');
const languages = ['en', 'zh-cn'] as const;
type Language = (typeof languages)[number];

const engine = openEngine();
after(() => engine.dispose());

const read = (language: Language, { file }: { file: string }) =>
  readFileSync(path.join(root, 'samples', language, file), 'utf8');

/** What the sample says, but for the text that it is about. */
const notes = (language: Language, name: SampleName) =>
  read(language, samples[name]).replace(samples[name].text, '');

/** What the host reads of it, with the settings as they come. */
function snapshot(language: Language, name: SampleName) {
  const text = read(language, samples[name]);
  const start = text.indexOf(samples[name].text);
  return takeSnapshot(text, { start, end: start + samples[name].text.length }, 'document');
}

async function explain(language: Language, name: SampleName) {
  const { text, range } = snapshot(language, name);
  const request = explainRequest({ modelDir, text, range });
  const { target, foil, tokens } = await engine.explain(request, Run.detached());
  const strongest = tokens.reduce((most, token) => (token.score > most.score ? token : most));
  return { target, foil, strongest, tokens };
}

async function expected(text: string, without: { layer: number; head: number }[] = []) {
  const request = distributionRequest({ modelDir, text, without, top: 50 });
  return (await engine.distribution(request, Run.detached())).candidates;
}

test('both languages have the same samples, each used, about the same texts', () => {
  const used = [...new Set(Object.values(samples).map(({ file }) => file))].sort();
  for (const language of languages) {
    assert.deepEqual(readdirSync(path.join(root, 'samples', language)).sort(), used);
    for (const sample of Object.values(samples)) {
      assert.ok(read(language, sample).includes(sample.text), `${language}: ${sample.file}`);
    }
  }
});

test('nothing in front of a text is read with it, but the comment of the code', () => {
  for (const language of languages) {
    for (const { file, text } of Object.values(samples)) {
      if (['fibonacci.py', 'surprise.md'].includes(file)) continue;
      assert.ok(read(language, { file }).startsWith(`${text}\n\n`), `${language}: ${file}`);
    }
    assert.match(read(language, samples.surprisal), /^If today is .* tomorrow is Paris\.\n\n/);
    assert.ok(read(language, samples.code).endsWith(samples.code.text), 'no line break at the end');
  }
});

for (const language of languages) {
  describe(`in ${language}`, () => {
    const says = (name: SampleName, ...tokens: string[]) => {
      for (const token of tokens)
        assert.ok(notes(language, name).includes(`"${token}"`), `${name}: ${token}`);
    };

    test('the capital: " Paris", and not " London", for " France"', async () => {
      const { target, foil, strongest } = await explain(language, 'capital');
      assert.deepEqual([target.text, foil?.text, strongest.text], [' Paris', ' London', ' France']);
      assert.ok(target.probability > 0.5);
      says('capital', ' Paris', ' London', ' France');
    });

    test('the name comes back, for the piece that stood there before', async () => {
      const { target, strongest } = await explain(language, 'heads');
      assert.deepEqual([target.text, strongest.text], ['al', 'al']);
      says('heads', 'al');
      const { text } = snapshot(language, 'attention');
      const { tokens, weights } = await engine.attend(
        attendRequest({ modelDir, text, withoutFirst: true }),
        Run.detached(),
      );
      assert.equal(tokens[weights.indexOf(Math.max(...weights))]?.text, 'al');
    });

    test('the name is lost with the head that the sample names', async () => {
      const [, head, layer] = /head (\d+) of layer (\d+)/.exec(notes('en', 'heads'))!;
      assert.ok(language === 'en' || notes(language, 'heads').includes(`第 ${layer} 层头 ${head}`));
      const { text } = snapshot(language, 'heads');
      const chance = async (without: { layer: number; head: number }[]) =>
        (await expected(text, without)).find((candidate) => candidate.text === 'al')?.probability ?? 0;
      assert.ok((await chance([])) > 0.99);
      const off = { layer: Number(layer), head: Number(head) };
      assert.ok((await chance([off])) < 0.05);
      assert.match(
        notes(language, 'heads'),
        language === 'en' ? /99 % to less than 5 %/ : /99 % 以上降到 5 %/,
      );
    });

    test('typing on: a capital for each country', async () => {
      const { text } = snapshot(language, 'live');
      const [first] = await expected(text);
      assert.equal(first?.text, ' Rome');
      const typed = / Rome\. The capital of Spain is/.exec(notes(language, 'live'))![0];
      const [madrid] = await expected(text + typed);
      const [tokyo] = await expected(text + typed.replace('Spain', 'Japan'));
      assert.deepEqual([madrid?.text, tokyo?.text], [' Madrid', ' Tokyo']);
      says('live', ' Rome', ' Madrid', ' Tokyo');
    });

    test('the story: who was there comes back', async () => {
      const { text } = snapshot(language, 'story');
      const request = generateRequest({ modelDir, text, maxTokens: 64 });
      const { sequences } = await engine.generate(request, Run.detached());
      const story = sequences[0]!.text;
      assert.ok(story.startsWith(' The red ball was in the garden.'), story);
      for (const known of ['Anna', 'Peter', 'red ball']) assert.ok(story.includes(known), known);
      assert.match(notes(language, 'story').replaceAll('\n', ' '), /" The red ball was in the garden\."/);
    });

    test('the surprise: " Paris", where " Saturday" was expected', async () => {
      const { text } = snapshot(language, 'surprisal');
      const request = scoreRequest({ modelDir, text });
      const { tokens } = await engine.score(request, Run.detached());
      const paris = tokens.find((token) => token.text === ' Paris')!;
      assert.ok(paris.rank! > 1000);
      const [first] = await expected(text.slice(0, text.indexOf(' Paris')));
      assert.equal(first?.text, ' Saturday');
      says('surprisal', ' Paris', ' Saturday');
    });

    test('the code: the rest of the name, for its first half', async () => {
      const { target, strongest } = await explain(language, 'code');
      assert.deepEqual([target.text, strongest.text], ['onacci', ' fib']);
    });
  });
}

/** How far the explanation of the capital by a method can be believed, as the editor measures it. */
async function beliefInCapital(method: AttributionMethodId) {
  const { text, range } = snapshot('en', 'capital');
  const request = explainRequest({ modelDir, text, range, method });
  const explanation = await engine.explain(request, Run.detached());
  const asked = {
    ...{ ...request, scores: explanation.tokens.map(({ score }) => score), evidenceSeed: 0 },
    ...{ removals: ['baseline', 'mask'] as Removal[], depth: 'correlations' as const },
    ...{ others: [], otherBaselines: false },
  };
  const measured = await engine.evidence(asked, Run.detached());
  const told = measured.removals.flatMap(({ lds }) => [lds!.value!.toFixed(2), lds!.chance!.toFixed(2)]);
  return { belief: beliefOf(explanation, measured), told };
}

test('the explanation that README says is not to be believed is not, and its other one is', async () => {
  const [doubted, borneOut] = await Promise.all([
    beliefInCapital('attention'),
    beliefInCapital('integrated-gradients'),
  ]);
  assert.deepEqual([doubted.belief, borneOut.belief], ['not-borne-out', 'borne-out']);
  const [first, , second] = borneOut.told;
  for (const file of ['README.md', 'README.zh-cn.md']) {
    const readme = readFileSync(path.join(root, file), 'utf8');
    const start = readme.indexOf('media/readme/doubt.png');
    const paragraph = readme.slice(start, readme.indexOf('\n## ', start));
    for (const number of [...doubted.told, first, second])
      assert.ok(paragraph.includes(number!), `${file}: ${number}`);
    assert.ok(paragraph.includes(`--method attention "${samples.capital.text}"`), file);
  }
});

test('the samples are in the package', () => {
  const packaged = readFileSync(path.join(root, '.vscodeignore'), 'utf8').split('\n');
  assert.ok(packaged.includes('!samples/**'));
  assert.ok(globSync('samples/*/*', { cwd: root }).length > 0);
});
