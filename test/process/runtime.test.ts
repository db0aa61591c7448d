/** An installation whose native runtime does not fit: a copy of the engine beside a broken copy of onnxruntime-node. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EngineProgram } from '../../src/host/engine/spawner.ts';
import { writeCheckpoint } from '../fixtures/checkpoint.ts';
import { explainParams, rejectsWith, startHost } from './support.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const runtime = 'onnxruntime-node';
const binary = path.join('bin', 'napi-v6', process.platform, process.arch, 'onnxruntime_binding.node');
let folder: string;
let model: string;
let program: EngineProgram;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'whytoken-'));
  model = writeCheckpoint(path.join(folder, 'model'));
  for (const part of ['package.json', 'src/protocol', 'src/text', 'src/inference']) {
    fs.cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(modules);
  for (const name of fs.readdirSync(path.join(root, 'node_modules'))) {
    if (name !== runtime) fs.symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  const installed = path.join(root, 'node_modules', runtime);
  fs.cpSync(installed, path.join(modules, runtime), {
    recursive: true,
    filter: (source) => path.relative(installed, source) !== 'bin',
  });
  program = { entry: path.join(folder, 'src/inference/serve/process.ts') };
});
after(() => fs.rmSync(folder, { recursive: true }));

test('a missing native binary is a typed error, and the process lives on', async (t) => {
  const { engine, pid, states } = startHost(t, { program });
  const error = await rejectsWith('runtime-missing', engine.load({ modelDir: model }));
  assert.equal(error.facts.platform, `${process.platform}-${process.arch}`);
  assert.match(String(error.facts.reason), /onnxruntime_binding/);
  const before = pid();
  await rejectsWith('runtime-missing', engine.explain(explainParams('text', model)));
  assert.equal(pid(), before);
  assert.deepEqual(states, ['starting', 'ready']);
});

test('a native binary for another system is a typed error', async (t) => {
  const file = path.join(folder, 'node_modules', runtime, binary);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, 'MZ: not for this system');
  const { engine } = startHost(t, { program });
  const error = await rejectsWith('runtime-missing', engine.load({ modelDir: model }));
  assert.match(String(error.facts.reason), /onnxruntime_binding/);
});
