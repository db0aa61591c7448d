/** Surprisal of words against float64, with the words found in the text and not in the tokens. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Run } from '../../src/inference/run.ts';
import { openEngine } from '../../src/inference/serve/engine.ts';
import { shownWords } from '../../src/text/words.ts';
import { goldenFolder, goldenModels } from './golden.ts';
import { assertNear } from './near.ts';

/** Written by words.py; in nats. */
interface GoldenWords {
  modelSha256: string;
  cases: {
    text: string;
    bos: boolean;
    words: { text: string; start: number; end: number; logProb: number | null }[];
    /** Before each token of the text, and after the last one. */
    wordEnds: (number | null)[];
  }[];
}

for (const { name, folder: modelDir } of goldenModels) {
  describe(`words of ${name}`, () => {
    const engine = openEngine();
    after(() => engine.dispose());
    const golden = JSON.parse(readFileSync(join(goldenFolder(name), 'words.json'), 'utf8')) as GoldenWords;

    test('the golden file belongs to the weights', () => {
      const weights = readFileSync(join(modelDir, 'model.safetensors'));
      const sha256 = createHash('sha256').update(weights).digest('hex');
      assert.equal(sha256, golden.modelSha256, 'make it again as test/reference/README.md says');
    });

    for (const { text, bos, words, wordEnds } of golden.cases) {
      test(`${JSON.stringify(text)}${bos ? ' after <|endoftext|>' : ''}`, async () => {
        const asked = { modelDir, text, bos, range: null, top: 0, stride: null };
        const { tokens, wordEnd } = await engine.score(asked, Run.detached());
        const found = shownWords(text, tokens, wordEnd);
        const placed = ({ text: word, start, end }: (typeof words)[number]) => ({ word, start, end });
        assert.deepEqual(found.map(placed), words.map(placed));
        const ends = [...tokens.map((token) => token.wordEnd), wordEnd];
        // What nothing predicts has no probability, in both.
        const known = <T>(values: (T | null)[]) => values.filter((value) => value !== null);
        assert.deepEqual(
          ends.map((end) => end === null),
          wordEnds.map((end) => end === null),
        );
        assertNear(known(ends), known(wordEnds), { relative: 1e-5, floor: 1e-5 }, 'word ends');
        const logProbs = (all: typeof words) => all.map(({ logProb }) => logProb);
        assert.deepEqual(
          logProbs(found).map((logProb) => logProb === null),
          logProbs(words).map((logProb) => logProb === null),
        );
        assertNear(known(logProbs(found)), known(logProbs(words)), { relative: 1e-5, floor: 2e-5 }, 'words');
      });
    }
  });
}
