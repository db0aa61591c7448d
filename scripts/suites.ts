/**
 * Makes the suites of `whytoken evaluate --suite`: examples whose evidence is known, for the vocabulary and the abilities of
 * a model. An example is kept where target and foil are one token each and the model prefers the target, so that the
 * question why it does makes sense.
 *
 *     node scripts/suites.ts                          for the bundled model, into models/suites
 *     node scripts/suites.ts CHECKPOINT FOLDER        for another
 *
 * The same words and seed give the same files.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Run } from '../src/inference/run.ts';
import { openEngine } from '../src/inference/serve/engine.ts';
import { EngineError } from '../src/protocol/errors.ts';
import { chooseMethod } from '../src/protocol/methods.ts';
import { root } from './lib/project.ts';
import { type Example, suites } from './lib/suiteTexts.ts';

const examplesPerSuite = 100;
/** Of candidates that are tried: some suites suit a small model badly. */
const mostTries = 6000;
/** In nats: a difference that rounding cannot turn. */
const leastPreference = 0.1;

const [modelDir = path.join(root, 'models/tiny-gpt2'), folder = path.join(root, 'models/suites')] =
  process.argv.slice(2);
const engine = openEngine('throughput');

/** z_target − z_foil after the text; null where one of them is not one token. */
async function preference({ text, target, foil }: Example): Promise<number | null> {
  try {
    const { value } = await engine.explain(
      {
        ...{ modelDir, text, bos: false, at: { kind: 'end' }, range: { start: 0, end: text.length } },
        target: { kind: 'text', text: target },
        foil: { kind: 'text', text: foil },
        ...{ objective: 'contrast', baseline: 'zero', ...chooseMethod('direct-logit') },
      },
      Run.detached(),
    );
    return value;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'token-not-single') return null;
    throw error;
  }
}

mkdirSync(folder, { recursive: true });
for (const [name, examples] of Object.entries(suites)) {
  const kept = new Map<string, Example>();
  let [tries, single] = [0, 0];
  for (const example of examples()) {
    if (kept.size === examplesPerSuite || tries === mostTries) break;
    tries++;
    const key = JSON.stringify(example);
    const found = kept.has(key) ? null : await preference(example);
    if (found !== null) single++;
    if (found !== null && found >= leastPreference) kept.set(key, example);
  }
  writeFileSync(path.join(folder, `${name}.jsonl`), [...kept.keys()].map((line) => `${line}\n`).join(''));
  console.log(
    `${name}: ${kept.size} of ${tries} candidates; of ${single} with single tokens the model prefers the target`,
  );
}
await engine.dispose();
