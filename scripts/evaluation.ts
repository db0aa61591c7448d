/**
 * Makes EVALUATION.md: the methods on the four suites with the bundled model, and whether one of them is better than the
 * default. Takes about an hour on two cores; after a stop it goes on where it was.
 *
 *     node scripts/evaluation.ts [--from FOLDER]
 *
 * `--from`: of results that are there already, one SUITE.jsonl each, as `whytoken evaluate --results` writes them.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Pair, Row } from '../src/cli/evaluate/summary.ts';
import { suiteNames } from '../src/cli/options.ts';
import { Numbers } from '../src/text/numbers.ts';
import { root } from './lib/project.ts';

const { values } = parseArgs({ options: { from: { type: 'string' } } });
const folder = values.from ?? path.join(root, '.cache/evaluation');
const numbers = new Numbers('en');

const reference = 'integrated-gradients';
const methods = [
  ...[reference, 'sequential-integrated-gradients', 'alti-logit', 'direct-logit', 'occlusion'],
  ...['gradient-norm', 'input-x-gradient', 'attention', 'rollout', 'attention-x-gradient'],
  ...['value-zeroing', 'random'],
];

interface Evaluation {
  receipt: { model: { name: string; sha256: string }; evaluated: number; whytoken: string; seed: number };
  rows: Row[];
  pairs: Pair[];
}

/** What is shown of all that is measured, and the names of its columns. */
const columns = [
  ['comprehensiveness, baseline', 'normalised comprehensiveness', 'baseline'],
  ['… mask', 'normalised comprehensiveness', 'mask'],
  ['sufficiency, baseline', 'normalised sufficiency', 'baseline'],
  ['… mask', 'normalised sufficiency', 'mask'],
  ['soft comprehensiveness', 'soft comprehensiveness', null],
  ['LDS, baseline', 'LDS', 'baseline'],
  ['… mask', 'LDS', 'mask'],
  ['reciprocal rank', 'reciprocal rank', null],
] as const;

/** All of these have to be better for a method to become the default. */
const decisive = columns.filter(([, measure]) => /comprehensiveness|LDS/.test(measure));

function evaluate(suite: string): Evaluation {
  const results = path.join(folder, `${suite}.jsonl`);
  const asked = ['--suite', suite, '--removal', 'baseline,mask', '--methods', methods.join()];
  const args = [path.join(root, 'src/cli/main.ts'), 'evaluate', ...asked, '--results', results, '--json'];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  return JSON.parse(output) as Evaluation;
}

function tableOf({ rows, pairs }: Evaluation): string {
  const head = ['method', ...columns.map(([name]) => name)];
  const lines = methods.map((method) => {
    const cells = columns.map(([, measure, removal]) => {
      const row = rows.find(
        (one) => one.method === method && one.measure === measure && one.removal === removal,
      );
      if (!row) return '–';
      const half = (row.high - row.low) / 2;
      const sign = { better: ' ▲', worse: ' ▼', same: '' }[against(pairs, method, measure, removal)];
      return `${numbers.amount(row.mean)} ± ${numbers.amount(half)}${sign}`;
    });
    return `| ${[method, ...cells].join(' | ')} |`;
  });
  return [`| ${head.join(' | ')} |`, `|:--${'|--:'.repeat(columns.length)}|`, ...lines].join('\n');
}

/** By the paired differences: whether the whole 95 % interval lies on one side. */
function against(
  pairs: readonly Pair[],
  method: string,
  measure: string,
  removal: string | null,
): 'better' | 'worse' | 'same' {
  const about = pairs.filter((pair) => pair.measure === measure && pair.removal === removal);
  for (const { first, second, low, high } of about) {
    const turned = first === reference && second === method;
    if (!turned && !(first === method && second === reference)) continue;
    const [from, to] = turned ? [-high, -low] : [low, high];
    return from > 0 ? 'better' : to < 0 ? 'worse' : 'same';
  }
  return 'same';
}

/** Methods that are better than the default in everything that decides, by suite. */
function winners(evaluations: Record<string, Evaluation>): string {
  const found = methods
    .filter((method) => method !== reference)
    .map((method) => ({
      method,
      suites: Object.entries(evaluations)
        .filter(([, { pairs }]) =>
          decisive.every(([, measure, removal]) => against(pairs, method, measure, removal) === 'better'),
        )
        .map(([suite]) => suite),
    }))
    .filter(({ suites }) => suites.length > 0);
  const everywhere = found.filter(({ suites }) => suites.length === suiteNames.length);
  const told = found.map(({ method, suites }) => `${method} (${suites.join(', ')})`).join('; ');
  return everywhere.length > 0
    ? `Better than converged integrated gradients in all of them, on every suite: ${everywhere.map(({ method }) => method).join(', ')}.`
    : `No method is better than converged integrated gradients in all of them on every suite${told === '' ? '' : `; on some: ${told}`}.`;
}

mkdirSync(folder, { recursive: true });
const evaluations = Object.fromEntries(suiteNames.map((suite) => [suite, evaluate(suite)] as const));
const [{ receipt }] = Object.values(evaluations) as [Evaluation];
const sections = Object.entries(evaluations).map(
  ([suite, evaluation]) =>
    `## ${suite}: ${numbers.count(evaluation.receipt.evaluated)} examples\n\n${tableOf(evaluation)}`,
);
writeFileSync(
  path.join(root, 'EVALUATION.md'),
  `# The methods, measured

Made by \`npm run evaluation\` with whytoken ${receipt.whytoken} and the model ${receipt.model.name} (SHA-256 ${receipt.model.sha256}) on
${os.cpus()[0]?.model ?? 'an unknown processor'}; no figure depends on the processor. f is the logit of the target less that of the foil.

The suites are made for this model (\`scripts/suites.ts\`): subject–verb agreement with an attractor, a row of words that
begins again, brackets, indirect objects. Each example's target is preferred by the model, and the evidence for it is known.

Comprehensiveness and sufficiency are between what random orders reach (0) and the best order known for the example (1), with
tokens replaced by zero embeddings (*baseline*) or hidden from the others (*mask*); soft comprehensiveness (in nats) keeps
each number of an embedding with a probability, at expected shares of 0.2, 0.5 and 0.8; LDS is the rank correlation of summed scores with f over 64 random
masks. Reciprocal rank tells whether the known evidence comes first: that is what a person expects, not what the
model did. ± half of the 95 % interval over examples; ▲ ▼ better or worse than ${reference} on the same examples, by the
paired interval. **The ranking depends on the suite and on the way of removing: measure on your own text.**

Does a method beat converged integrated gradients on comprehensiveness, soft comprehensiveness and LDS, by both ways of
removing? ${winners(evaluations)}

${sections.join('\n\n')}
`,
);
