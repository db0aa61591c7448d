/** `evaluate`: from a file of examples to means with intervals; a run that was killed goes on where it was. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { eventually } from '../harness/eventually.ts';
import { bundle, cli, ended, json, randomModel, refused, startCli } from './support.ts';

interface Printed {
  receipt: { examples: number; evaluated: number; known: number; skipped: Record<string, number> };
  rows: {
    method: string;
    measure: string;
    removal: string | null;
    mean: number;
    low: number;
    high: number;
    n: number;
  }[];
  pairs: { first: string; second: string; measure: string; mean: number; n: number }[];
}

const words = ['fox', 'box', 'hat', 'cat', 'dog'];
const lines = words.map((word, at) =>
  JSON.stringify({ text: `the ${word} in the house ${at}`, evidence: [[4, 7]] }),
);

test('evaluate', async (t) => {
  const folder = temporaryFolder(t);
  const model = ['--model', randomModel(t)];
  const file = path.join(folder, 'examples.jsonl');
  writeFileSync(file, lines.join('\n'));
  const asked = [
    'evaluate',
    file,
    ...model,
    '--methods',
    'occlusion,gradient-norm,random',
    '--removal',
    'mask',
  ];
  const whole = await json<Printed>(asked);

  await t.test('has rows and pairs for every method and measure', () => {
    const { receipt, rows, pairs } = whole;
    assert.deepEqual([receipt.examples, receipt.evaluated, receipt.known, receipt.skipped], [5, 5, 0, {}]);
    for (const method of ['occlusion', 'gradient-norm', 'random']) {
      for (const [measure, removal] of [
        ['comprehensiveness', 'mask'],
        ['normalised sufficiency', 'mask'],
        ['LDS', 'mask'],
        ['soft comprehensiveness', null],
        ['reciprocal rank', null],
      ] as const) {
        const row = rows.find(
          (one) => one.method === method && one.measure === measure && one.removal === removal,
        );
        assert.ok(row && row.low <= row.mean && row.mean <= row.high && row.n === 5, `${method} ${measure}`);
      }
    }
    assert.equal(pairs.filter(({ measure }) => measure === 'reciprocal rank').length, 3);
  });

  await t.test('is killed, goes on where it was, and ends as if nothing had been', async () => {
    const results = path.join(folder, 'results.jsonl');
    const count = () => (existsSync(results) ? readFileSync(results, 'utf8').split('\n').length - 1 : 0);
    const child = startCli([...asked, '--results', results, '--json']);
    const end = ended(child);
    await eventually(() => assert.ok(count() >= 2));
    child.kill('SIGKILL');
    await end;
    const before = count();
    const again = await json<Printed>([...asked, '--results', results]);
    assert.equal(again.receipt.known, before);
    assert.equal(count(), 5);
    for (const [at, row] of again.rows.entries()) {
      const { method, measure, removal, mean, n } = whole.rows[at]!;
      assert.deepEqual([row.method, row.measure, row.removal, row.n], [method, measure, removal, n]);
      // Rounding can turn ranks that nearly tie.
      assert.ok(Math.abs(row.mean - mean) < 0.03, `${method} ${measure}: ${row.mean} ${mean}`);
    }
    // What was asked otherwise is another answer.
    const other = await json<Printed>([...asked, '--results', results, '--seed', '5']);
    assert.equal(other.receipt.known, 0);
    assert.equal(count(), 10);
  });

  await t.test('what the model cannot be asked is left out and told', async () => {
    const mixed = path.join(folder, 'mixed.jsonl');
    writeFileSync(mixed, [...lines, '{"text":"a b","target":" zebrazebra"}', '{"text":"x"}'].join('\n'));
    const { stdout } = await cli(['evaluate', mixed, ...model, '--methods', 'gradient-norm']);
    assert.match(stdout, /^6 of 7 examples; left out: 1 × .*zebrazebra.* is \d+ tokens/m);
    assert.match(stdout, /^Fewer than 100 examples/m);
    assert.match(stdout, /^\| gradient-norm \| \S+ \| \S+ … \S+ \| 6 \|/m);
  });

  await t.test('as CSV', async () => {
    const { stdout } = await cli([...asked, '--csv']);
    assert.match(stdout, /^method,measure,removal,mean,low,high,n,floor,ceiling\n/);
    assert.equal(stdout.trimEnd().split('\n').length, 1 + whole.rows.length);
  });

  await t.test('refuses what cannot be', async () => {
    assert.match(await refused(['evaluate']), /Give either a file of examples or --suite NAME/);
    assert.match(await refused(['evaluate', file, '--suite', 'ioi']), /Give either/);
    assert.match(await refused(['evaluate', '--suite', 'nothing']), /There is no suite "nothing"/);
    assert.match(
      await refused([...asked, '--methods', 'magic']),
      /--methods is magic, but must be random \|/,
    );
    assert.match(await refused(['evaluate', file, ...model, '--removal', 'burn']), /--removal\w* is burn/);
  });
});

test('a suite that comes with whytoken is found from the bundle, too', async () => {
  const asked = ['evaluate', '--suite', 'brackets', '--model', '/no/such/folder'];
  assert.match(await refused(asked, { program: bundle }), /The model folder \S+ does not exist/);
});
