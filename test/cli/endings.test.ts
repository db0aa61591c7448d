/** How the command line ends: exit codes, error lines, Ctrl+C, closed pipes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { temporaryFolder } from '../fixtures/temporary.ts';
import { bundle, cli, ended, json, randomModel, refused, startCli } from './support.ts';

test('bad input ends with 2, one line on standard error and nothing on standard output', async (t) => {
  const model = ['--model', randomModel(t)];
  const cases: [message: RegExp, args: string[], input?: Uint8Array | string][] = [
    [/No verb was given\. /, []],
    [/There is no option --foo/, ['explain', '--foo', 'x', '--json']],
    [/The model folder \S+ does not exist/, ['score', '--model', '/no/such/folder', 'x']],
    [
      /config\.json is missing in the model folder \S+\. Download/,
      ['score', '--model', temporaryFolder(t), 'x'],
    ],
    [/There is no text to work on\. Give one/, ['score', ...model], ''],
    [/Standard input is not UTF-8: see byte 1/, ['score', ...model, '-'], Buffer.from([0x61, 0xff])],
    [/"zebra\S+" is \d+ tokens for this model/, ['explain', ...model, '--target', 'zebra\n\u001b[31m', 'x']],
    [/Nothing comes before the first token/, ['explain', ...model, '--at', '0', 'x y']],
    [/There is no position 3 to predict: the text has 1 tokens/, ['explain', ...model, '--at', '3', 'x']],
    [/--from is 1, but must be 0 … 0/, ['explain', ...model, '--from', '1', 'x']],
    [/Choose a foil, or the objective/, ['explain', ...model, '--foil', 'none', 'x']],
    [/--layer is 3, but must be 0 … 2/, ['attention', ...model, '--layer', '3', 'x']],
  ];
  for (const [message, args, input = 'never read'] of cases) {
    await t.test(String(message), async () => {
      assert.match(await refused(args, { input }), message);
    });
  }
});

test('a damaged checkpoint is bad input, said on one line', async (t) => {
  const folder = randomModel(t, {
    values: (name, values) => name === 'ln_f.weight' && values.fill(Number.NaN),
  });
  assert.match(await refused(['score', '--model', folder, 'some text']), /contains NaN or infinity/);
  fs.truncateSync(path.join(folder, 'model.safetensors'), 1000);
  assert.match(await refused(['score', '--model', folder, 'some text']), /model\.safetensors is not a valid/);
});

test('Ctrl+C ends a generation that has begun to be written, with 130', async (t) => {
  // More than can be generated before the signal arrives; the context is long enough for all of it.
  const model = randomModel(t, { contextLength: 8192, dtype: 'F16' });
  const child = startCli(['generate', '--model', model, '--max-tokens', '4096', '--n', '16', 'The']);
  child.stdin.end();
  const end = ended(child);
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const { code, stdout, stderr } = await end;
  assert.deepEqual([code, stderr], [130, '']);
  assert.match(stdout, /^── 1 of 16 ──\n[\s\S]+\n$/);
  assert.ok(!stdout.includes('16 of 16'));
  const left = fs.readdirSync(os.tmpdir()).filter((name) => name.includes(`-${child.pid}-`));
  assert.deepEqual(left, [], 'the unpacked weights were left behind');
});

test('Ctrl+C ends the wait for a text', async () => {
  const child = startCli(['score']);
  const end = ended(child);
  // More than a pipe holds: it has been taken once the program reads, and standard input stays open.
  await new Promise((resolve) => child.stdin.write('x'.repeat(1 << 20), resolve));
  child.kill('SIGINT');
  const { code, stdout, stderr } = await end;
  assert.deepEqual({ code, stdout, stderr }, { code: 130, stdout: '', stderr: '' });
});

test('it ends quietly when the reader of its output stops', async (t) => {
  const child = startCli(['attention', '--json', '--model', randomModel(t), 'word '.repeat(60)]);
  child.stdin.end();
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});

test('help and version go to standard output', async () => {
  const overview = await cli(['--help']);
  assert.deepEqual([overview.code, overview.stderr], [0, '']);
  for (const verb of ['explain', 'score', 'generate', 'attention']) {
    assert.match(overview.stdout, new RegExp(`^  ${verb} `, 'm'));
  }
  const { stdout } = await cli(['explain', '--help']);
  assert.match(stdout, /--target TEXT\|#ID\|top/);
  assert.ok(!stdout.includes('--top-k'));
  assert.ok((await cli(['--version'])).stdout.startsWith(`whytoken ${manifest.version} `));
});

test('the bundle works like the sources, with the bundled model', async () => {
  const explained = await json<{ receipt: { model: { name: string } } }>(['explain', 'The capital of'], {
    program: bundle,
  });
  assert.equal(explained.receipt.model.name, 'tiny-gpt2');
  const { stdout } = await cli(['explain', 'The capital of']);
  assert.match(stdout, /^Why "/);
});
