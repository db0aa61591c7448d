import { createHash } from 'node:crypto';
import { Run } from '../../inference/run.ts';
import type { EngineApi } from '../../inference/serve/server.ts';
import { whytokenVersion } from '../../inference/versions.ts';
import type { EvaluateParams, Progress } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Evaluated } from '../../protocol/results.ts';
import type { Example } from '../evaluate/example.ts';
import { readExamples, readSuite } from '../evaluate/examples.ts';
import { asCsv, asMarkdown, fewExamples } from '../evaluate/formats.ts';
import { openJournal } from '../evaluate/journal.ts';
import { summarise } from '../evaluate/summary.ts';
import { evaluateParams } from '../params.ts';
import { numbers } from '../print/common.ts';
import { UsageError } from '../usageError.ts';
import { type Call, type Verb, withEngine } from '../verb.ts';

/** What is told of a run besides its tables. */
interface Told {
  examples: number;
  evaluated: number;
  /** Taken from the file of results. */
  known: number;
  /** How many examples could not be evaluated, by the reason. */
  skipped: Record<string, number>;
}

export const evaluate: Verb = {
  summary: 'how well methods explain, over many examples',
  argument: 'file',
  options: [
    ...(['suite', 'methods', 'removal', 'objective', 'baseline', 'seed', 'results'] as const),
    ...(['bos', 'model', 'json', 'csv', 'markdown'] as const),
  ],
  async run(call) {
    const { values, screen } = call;
    const examples = examplesOf(call);
    const { answers, told } = await evaluateAll(call, examples);
    const [first] = answers;
    if (!first) throw new UsageError(`No example could be evaluated: ${reasons(told)}.`);
    const tables = summarise(answers, first.receipt.seed);
    if (values.json !== undefined) {
      const { whytoken, model, bos, objective, baseline, seed } = first.receipt;
      const receipt = { whytoken, model, bos, objective, baseline, seed, ...told };
      return screen.write(`${JSON.stringify({ receipt, ...tables })}\n`);
    }
    if (values.csv !== undefined) return screen.write(asCsv(tables));
    await screen.write(`${asMarkdown(tables)}\n${footOf(told)}\n`);
  },
};

function examplesOf({ values, file }: Call): Example[] {
  if ((file === null) === (values.suite === undefined))
    throw new UsageError('Give either a file of examples or --suite NAME.');
  return file === null ? readSuite(values.suite ?? '') : readExamples(file);
}

async function evaluateAll(
  call: Call,
  examples: readonly Example[],
): Promise<{ answers: Evaluated[]; told: Told }> {
  const { values } = call;
  const all = examples.map((example, index) => evaluateParams(values, example, index));
  const journal = openJournal(values.results ?? null);
  const told: Told = { examples: examples.length, evaluated: 0, known: 0, skipped: {} };
  const answers: Evaluated[] = [];
  try {
    await withEngine<never, void>(call, async (engine, run) => {
      const sha256 = await hashOf(engine, all[0]!.modelDir, run);
      for (const [done, params] of all.entries()) {
        const key = keyOf(params, sha256);
        let line = journal.find(key);
        if (line) told.known++;
        else {
          // What is counted for a person is examples, not what the engine does for one of them.
          const ofExample = new Run<Progress>(run.signal, () =>
            run.report({ stage: 'evaluating', done, total: all.length }),
          );
          line = await oneOf(() => engine.evaluate(params, ofExample));
          journal.add({ key, ...line });
        }
        const { answer, reason } = line;
        if (answer) answers.push(answer);
        else told.skipped[reason ?? ''] = (told.skipped[reason ?? ''] ?? 0) + 1;
      }
    });
  } finally {
    journal.close();
  }
  told.evaluated = answers.length;
  return { answers, told };
}

/** An example that the model cannot be asked about is told, and does not end the run. */
async function oneOf(
  work: () => Promise<Evaluated>,
): Promise<{ answer: Evaluated | null; reason: string | null }> {
  try {
    return { answer: await work(), reason: null };
  } catch (error) {
    if (error instanceof EngineError && error.isBadInput) return { answer: null, reason: error.message };
    throw error;
  }
}

/** Of the weights, from the receipt of a very short reading. */
async function hashOf(engine: EngineApi, modelDir: string, run: Run<Progress>): Promise<string> {
  const params = { modelDir, text: 'a', bos: false, range: null, top: 0, stride: null };
  const { receipt } = await engine.score(params, new Run(run.signal, () => {}));
  return receipt.model.sha256;
}

/** All that the answer depends on. */
function keyOf({ modelDir: _, ...params }: EvaluateParams, sha256: string): string {
  return createHash('sha256')
    .update(JSON.stringify([whytokenVersion, sha256, params]))
    .digest('hex');
}

function footOf(told: Told): string {
  const { examples, evaluated, known } = told;
  const parts = [`${numbers.count(evaluated)} of ${numbers.count(examples)} examples`];
  if (known > 0) parts.push(`${numbers.count(known)} of them from the file of results`);
  const skipped = reasons(told);
  if (skipped !== '') parts.push(`left out: ${skipped}`);
  const few = evaluated < fewExamples ? [`Fewer than ${fewExamples} examples: these means say little.`] : [];
  return [`${parts.join('; ')}.`, ...few].join('\n');
}

const reasons = ({ skipped }: Told) =>
  Object.entries(skipped)
    .map(([reason, count]) => `${numbers.count(count)} × ${reason}`)
    .join(' ');
