import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asCsv, asMarkdown } from '../../../../src/cli/evaluate/formats.ts';
import { summarise } from '../../../../src/cli/evaluate/summary.ts';
import type { Evaluated } from '../../../../src/protocol/results.ts';

const area = (value: number) => ({ value, floor: 1, ceiling: 3, normalised: (value - 1) / 2 });
const method = (name: string, good: number, converged: boolean | null = null) => ({
  ...{ method: name, converged },
  removals: [
    {
      removal: 'mask' as const,
      ...{ comprehensiveness: area(1 + good), sufficiency: area(3 - good) },
      ...{ leaveOneOut: good / 2, lds: good === 0 ? null : good / 2 },
    },
  ],
  soft: { comprehensiveness: good, sufficiency: -good, floor: 0 },
  plausibility: { reciprocalRank: good / 2, mass: good / 2, averagePrecision: good / 2 },
});

/** n examples on which one method is better by a half, each a little different. */
const answers = Array.from({ length: 40 }, (_, example) => {
  const own = 0.5 + 0.02 * example;
  return {
    methods: [method('better', own + 0.5, example > 0), method('worse', own)],
    chance: { reciprocalRank: 0.2, mass: 0.1, averagePrecision: 0.2 },
  } as unknown as Evaluated;
});

test('means, intervals around them, and what is between them', () => {
  const { rows, pairs } = summarise(answers, 0);
  const find = (name: string, measure: string) =>
    rows.find((row) => row.method === name && row.measure === measure)!;
  const row = find('better', 'comprehensiveness');
  const mean = 1 + 0.5 + 0.5 + 0.02 * 19.5;
  assert.ok(Math.abs(row.mean - mean) < 1e-9);
  assert.ok(row.low < row.mean && row.mean < row.high);
  // The standard error of the mean, twice on each side.
  const error = (0.02 * Math.sqrt((40 ** 2 - 1) / 12)) / Math.sqrt(40);
  assert.ok(Math.abs(row.high - row.low - 4 * error) < error, `${row.high - row.low} ${error}`);
  assert.deepEqual([row.n, row.floor, row.ceiling, row.removal], [40, 1, 3, 'mask']);
  for (const [measure, floor] of [
    ['reciprocal rank', 0.2],
    ['mass', 0.1],
  ] as const)
    assert.ok(Math.abs(find('better', measure).floor! - floor) < 1e-9);
  assert.equal(find('better', 'converged').mean, 39 / 40);
  assert.equal(find('worse', 'converged'), undefined);
  const pair = pairs.find(({ measure }) => measure === 'LDS')!;
  // The same examples: the difference hardly varies, though the values do.
  assert.ok(Math.abs(pair.mean - 0.25) < 1e-9 && pair.high - pair.low < 1e-9);
  assert.deepEqual([pair.first, pair.second, pair.n], ['better', 'worse', 40]);
  assert.deepEqual(summarise(answers, 0), { rows, pairs });
});

test('the table has the best method first, and what it is sure to be better than', () => {
  const markdown = asMarkdown(summarise(answers, 0));
  const table = (title: string) =>
    markdown.split('\n\n').find((_, at, all) => all[at - 1]?.startsWith(`**${title}`))!;
  for (const title of ['comprehensiveness', 'sufficiency', 'soft sufficiency', 'LDS', 'mass']) {
    const [, , best, second] = table(title).split('\n');
    assert.match(best!, /^\| better \| .* \| 40 \| worse \|$/, title);
    assert.match(second!, /^\| worse \| .* \| 40 \| {2}\|$/, title);
  }
  assert.match(
    markdown,
    /\*\*sufficiency, removal mask; small is good; a random order: 1\.00; the best known: 3\.00\*\*/,
  );
});

test('CSV has one line for each row, and nothing for what is not known', () => {
  const { rows, pairs } = summarise(answers, 0);
  const [head, ...lines] = asCsv({ rows, pairs }).trimEnd().split('\n');
  assert.equal(head, 'method,measure,removal,mean,low,high,n,floor,ceiling');
  assert.equal(lines.length, rows.length);
  const converged = lines.find((line) => line.includes('converged'))!.split(',');
  assert.deepEqual([converged[2], converged[7], converged[8]], ['', '', '1']);
});
