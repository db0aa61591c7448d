/**
 * Compares the searches for edits with trying every single edit by a plain forward pass, on random models and texts: the
 * test of a text must find each edit that changes the prediction and no other, and so must the search for the smallest.
 *
 *     node test/fuzz/flips.ts --runs 10000 --seed 1
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Gpt2 } from '../../src/inference/gpt2/model.ts';
import { openModel } from '../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../src/inference/run.ts';
import { adversarial } from '../../src/inference/verbs/adversarial.ts';
import { flip } from '../../src/inference/verbs/flip.ts';
import { flips, say, substitutions, typedTexts } from '../fixtures/bruteForce.ts';
import { writeCheckpoint } from '../fixtures/checkpoint.ts';
import { random } from '../fixtures/random.ts';
import { adversarialRequest, flipRequest } from '../fixtures/requests.ts';

/** The least with a byte alphabet, and some merges. */
const vocabularySize = 262;
const contextLength = 16;

/** How many cases had an edit that changes the prediction, and how many edits were tried. */
export interface Outcomes {
  runs: number;
  flippable: number;
  edits: number;
  flips: number;
}

/** @throws AssertionError for a case in which the two disagree, which is named */
export async function fuzzFlips(runs: number, seed: number, models = 8): Promise<Outcomes> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'whytoken-fuzz-'));
  const uniform = random(seed);
  const below = (most: number) => Math.floor(uniform() * most);
  const outcomes = { runs: 0, flippable: 0, edits: 0, flips: 0 };
  try {
    for (let at = 0; at < models; at++) {
      const layers = 1 + below(2);
      const shape = { layers, heads: 1 + below(2), width: 8, vocabularySize, contextLength };
      const modelDir = writeCheckpoint(path.join(folder, `${at}`), { ...shape, seed: below(2 ** 31) });
      const model = await openModel(modelDir, 'throughput');
      try {
        const typed = typedTexts(model);
        const part = Math.floor((runs * (at + 1)) / models) - Math.floor((runs * at) / models);
        for (let run = 0; run < part; run++) {
          const length = 1 + below(3);
          const text = Array.from({ length }, () => typed[below(typed.length)]!.text).join('');
          await compare(model, modelDir, text, outcomes);
        }
      } finally {
        await model.dispose();
      }
    }
    return outcomes;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(model: Gpt2, modelDir: string, text: string, outcomes: Outcomes): Promise<void> {
  const { top } = await say(model, text);
  const answers = new Map<string, boolean | null>();
  for (const { edited } of substitutions(model, text, top)) {
    if (!answers.has(edited)) answers.set(edited, flips(await say(model, edited), top));
  }
  const asked = { modelDir, text, kinds: ['substitute' as const], budget: 10_000 };
  const tested = await adversarial(model, adversarialRequest({ ...asked, worst: 1000 }), Run.detached());
  const found = new Set(tested.worst.map(({ edit }) => applied(text, edit)));
  for (const [edited, isFlip] of answers) {
    if (isFlip !== null)
      assert.equal(found.has(edited), isFlip, `${JSON.stringify(text)} → ${JSON.stringify(edited)}`);
  }
  for (const edited of found) assert.ok(answers.has(edited), `${JSON.stringify(edited)} was not to be tried`);
  const smallest = await flip(model, flipRequest({ ...asked, maxEdits: 1 }), Run.detached());
  const isPossible = [...answers.values()].includes(true);
  if (isPossible) assert.ok(smallest.found, `${JSON.stringify(text)}: nothing was found`);
  if (smallest.found) assert.notEqual(answers.get(smallest.text), false, JSON.stringify(smallest.text));
  if (smallest.found) assert.ok(answers.has(smallest.text));
  outcomes.runs++;
  outcomes.flippable += Number(isPossible);
  outcomes.edits += answers.size;
  outcomes.flips += found.size;
}

const applied = (text: string, edit: { start: number; end: number; new: string }) =>
  text.slice(0, edit.start) + edit.new + text.slice(edit.end);

if (import.meta.main) {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
  });
  console.log(await fuzzFlips(Number(values.runs), Number(values.seed)));
}
