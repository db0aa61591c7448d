/** What is in the package, and that it starts. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runToEnd } from '../../scripts/workbench/processes.ts';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const installed = useWorkbench({ files: { 'notes.md': 'The capital of France is\n' } });

function extensionFolder(): string {
  const { extensions } = installed.folders;
  const name = readdirSync(extensions).find((entry) => entry.startsWith('whytoken.whytoken-'));
  assert.ok(name, 'the package was not installed');
  return path.join(extensions, name);
}

/** That run the engine of the installed package. */
function inferenceProcesses(): number {
  const { stdout } = spawnSync('ps', ['-eo', 'args', '-ww'], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(path.join(extensionFolder(), 'dist', 'inference.mjs'))).length;
}

test('the palette lists the commands that can run', async () => {
  const { workbench } = installed;
  await workbench.openFile('notes.md');
  const commands = [
    'Whytoken: Choose Attention Layer and Head…',
    'Whytoken: Choose Granularity…',
    'Whytoken: Choose Model Folder',
    'Whytoken: Choose What Is Shown…',
    'Whytoken: Explain Selection',
    'Whytoken: Explain This Token',
    'Whytoken: Find the Smallest Edit…',
    'Whytoken: Generate',
    'Whytoken: Get Started',
    'Whytoken: Open Attention Panel',
    'Whytoken: Open Explanation Panel',
    'Whytoken: Open Probabilities Panel',
    'Whytoken: Open Structure Panel',
    'Whytoken: Probe Context Length',
    'Whytoken: Restart the Engine',
    'Whytoken: Show Log',
    'Whytoken: Show or Hide Attention',
    'Whytoken: Show or Hide Attribution',
    'Whytoken: Show or Hide Surprisal',
    'Whytoken: Test by Many Edits…',
    'Whytoken: Turn Live Explanation On or Off',
    'Whytoken: Why Not …?',
  ];
  await eventually(async () => assert.deepEqual(await workbench.commandsFor('Whytoken: '), commands));
});

test('after the start the status item is there, but no process of ours until something is asked', async () => {
  const { workbench } = installed;
  await workbench.statusBar('Whytoken').waitFor();
  assert.equal(inferenceProcesses(), 0);
  await workbench.select('capital of France is');
  await workbench.run('Whytoken: Explain Selection');
  await workbench.statusBar(/^.?\s*Why "/).waitFor();
  assert.equal(inferenceProcesses(), 1);
});

test('it writes a log', async () => {
  const { workbench } = installed;
  await workbench.run('Whytoken: Show Log');
  const channel = workbench.page.locator('.panel .monaco-select-box, .panel select').first();
  await channel.waitFor();
  await eventually(async () => assert.equal(await channel.inputValue(), 'Whytoken'));
});

test('what is loaded when the window starts is small: all else is loaded when it is first needed', () => {
  const bundle = (name: string) => readFileSync(path.join(extensionFolder(), 'dist', name), 'utf8');
  assert.ok(bundle('extension.cjs').length < 10_000);
  assert.match(bundle('extension.cjs'), /require\("\.\/host\.cjs"\)/);
  assert.ok(bundle('host.cjs').length > 100_000);
});

test('one platform’s runtime is inside, and no sources', () => {
  const folder = extensionFolder();
  const libraries = globSync('**/*.{node,so,dylib,dll,so.*}', { cwd: folder }).sort();
  const binaries = `dist/node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}`;
  assert.deepEqual(libraries, [`${binaries}/libonnxruntime.so.1`, `${binaries}/onnxruntime_binding.node`]);
  assert.deepEqual(globSync('**/*.{ts,tsx,map}', { cwd: folder }), []);
});

test('the licences of other people’s software are inside', () => {
  const notices = readFileSync(path.join(extensionFolder(), 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  for (const name of ['onnxruntime-node', '@huggingface/tokenizers', 'vscode-jsonrpc', 'preact']) {
    assert.match(notices, new RegExp(`^${name.replace('/', '\\/')}[ ,]`, 'm'));
  }
});

test('the command line inside finds its model and its runtime', async () => {
  const main = path.join(extensionFolder(), 'dist/cli/main.mjs');
  const output = await runToEnd(process.execPath, [main, 'score', '--json', 'The capital of France is']);
  const { tokens } = JSON.parse(output) as { tokens: { text: string }[] };
  assert.equal(tokens.map(({ text }) => text).join(''), 'The capital of France is');
});
