/** Links, the hub's cache, changed files and leftovers: what can happen around a model folder. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openCheckpoint } from '../../../../src/inference/checkpoint/checkpoint.ts';
import { isInside } from '../../../../src/inference/checkpoint/folder.ts';
import { Run } from '../../../../src/inference/run.ts';
import type { EngineError } from '../../../../src/protocol/errors.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const files = ['config.json', 'model.safetensors', 'tokenizer.json'];

test('the hub’s cache layout is followed to the blob', async (t) => {
  const repository = path.join(temporaryFolder(t), 'models--openai-community--gpt2');
  const blobs = writeCheckpoint(path.join(repository, 'blobs'));
  const snapshot = path.join(repository, 'snapshots', '607a30d783dfa663caf39e06633721c8d4cfcd7e');
  fs.mkdirSync(snapshot, { recursive: true });
  for (const file of files) {
    fs.renameSync(path.join(blobs, file), path.join(blobs, `hash-of-${file}`));
    fs.symlinkSync(`../../blobs/hash-of-${file}`, path.join(snapshot, file));
  }
  const checkpoint = await openCheckpoint(snapshot);
  t.after(() => checkpoint.dispose());
  assert.equal(checkpoint.name, 'openai-community/gpt2');
  assert.deepEqual(
    [checkpoint.weights.folder, checkpoint.weights.file],
    [blobs, 'hash-of-model.safetensors'],
  );
});

test('a link inside the folder, and one to the folder itself, are followed', async (t) => {
  const root = temporaryFolder(t);
  const folder = writeCheckpoint(path.join(root, 'model'));
  fs.mkdirSync(path.join(folder, 'real'));
  fs.renameSync(path.join(folder, 'model.safetensors'), path.join(folder, 'real', 'weights'));
  fs.symlinkSync('real/weights', path.join(folder, 'model.safetensors'));
  fs.symlinkSync('model', path.join(root, 'link'));
  const checkpoint = await openCheckpoint(path.join(root, 'link'));
  t.after(() => checkpoint.dispose());
  assert.deepEqual(
    [checkpoint.weights.folder, checkpoint.weights.file],
    [path.join(folder, 'real'), 'weights'],
  );
});

for (const file of ['config.json', 'model.safetensors']) {
  test(`a ${file} that is a link out of the folder is refused`, async (t) => {
    const root = temporaryFolder(t);
    const folder = writeCheckpoint(path.join(root, 'model'));
    fs.renameSync(path.join(folder, file), path.join(root, file));
    fs.symlinkSync(`../${file}`, path.join(folder, file));
    await assert.rejects(openCheckpoint(folder), { code: 'file-outside-folder', facts: { file } });
  });
}

test('`blobs` means nothing outside the cache’s own layout', async (t) => {
  const root = temporaryFolder(t);
  const folder = writeCheckpoint(path.join(root, 'snapshot', 'revision'));
  fs.mkdirSync(path.join(root, 'blobs'));
  fs.renameSync(path.join(folder, 'model.safetensors'), path.join(root, 'blobs', 'hash'));
  fs.symlinkSync('../../blobs/hash', path.join(folder, 'model.safetensors'));
  await assert.rejects(openCheckpoint(folder), { code: 'file-outside-folder' });
});

/** Seconds since 1970: a time that can be set again exactly. */
const written = 1_000_000_000;

const changes: Record<string, (file: string) => void> = {
  'replaced by an equal file': (file) => {
    fs.copyFileSync(file, `${file}.new`);
    fs.utimesSync(`${file}.new`, written, written);
    fs.renameSync(`${file}.new`, file);
  },
  touched: (file) => fs.utimesSync(file, 1, 1),
  'one byte longer': (file) => fs.appendFileSync(file, '\0'),
  truncated: (file) => fs.truncateSync(file, 100),
  removed: (file) => fs.rmSync(file),
};

for (const [what, change] of Object.entries(changes)) {
  for (const dtype of ['F32', 'F16'] as const) {
    test(`notices that the ${dtype} weights were ${what}`, async (t) => {
      const folder = writeCheckpoint(temporaryFolder(t), { dtype });
      const file = path.join(folder, 'model.safetensors');
      fs.utimesSync(file, written, written);
      const checkpoint = await openCheckpoint(folder);
      t.after(() => checkpoint.dispose());
      checkpoint.weights.assertUnchanged();
      change(file);
      const expected = { code: 'file-changed', facts: { file: 'model.safetensors' } };
      assert.throws(() => checkpoint.weights.assertUnchanged(), expected);
      await assert.rejects(checkpoint.fingerprint.of(Run.detached()), expected);
      if (dtype === 'F32' && what === 'truncated') {
        assert.throws(() => checkpoint.weights.rows('wte.weight', [0]), expected);
      }
    });
  }
}

test('what a killed process left in the temporary folder is swept, what a live one uses is not', async (t) => {
  const checkpoint = await openCheckpoint(writeCheckpoint(temporaryFolder(t), { dtype: 'F16' }));
  t.after(() => checkpoint.dispose());
  const ours = path.basename(checkpoint.weights.folder);
  const dead = Number(execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }));
  const named = (pid: number): string => path.join(os.tmpdir(), ours.replace(`-${process.pid}-`, `-${pid}-`));
  fs.mkdirSync(named(dead), { mode: 0o700 });
  fs.writeFileSync(path.join(named(dead), 'weights.f32'), 'left behind');
  t.after(() => fs.rmSync(named(dead), { recursive: true, force: true }));
  const other = await openCheckpoint(writeCheckpoint(temporaryFolder(t), { dtype: 'F16' }));
  other.dispose();
  assert.equal(fs.existsSync(named(dead)), false);
  assert.equal(fs.existsSync(checkpoint.weights.folder), true);
});

test('the unpacked weights go away with the process', (t) => {
  const folder = writeCheckpoint(temporaryFolder(t), { dtype: 'F16' });
  const module = new URL('../../../../src/inference/checkpoint/checkpoint.ts', import.meta.url).href;
  const script = `const { openCheckpoint } = await import(${JSON.stringify(module)});
    console.log((await openCheckpoint(${JSON.stringify(folder)})).weights.folder);
    process.exit();`;
  const args = ['--input-type=module', '--eval', script];
  const scratch = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim();
  assert.match(path.basename(scratch), /^whytoken-/);
  assert.equal(fs.existsSync(scratch), false);
});

test('says so when there is no room for the unpacked weights', async (t) => {
  const root = temporaryFolder(t);
  const folder = writeCheckpoint(path.join(root, 'model'), { dtype: 'BF16', width: 30 });
  const temporary = process.env.TMPDIR;
  process.env.TMPDIR = path.join(root, 'missing');
  t.after(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  });
  await assert.rejects(openCheckpoint(folder), (error: EngineError) => {
    assert.equal(error.code, 'scratch-failed');
    assert.equal(error.facts.reason, 'ENOENT');
    assert.ok((error.facts.bytes as number) > fs.statSync(path.join(folder, 'model.safetensors')).size);
    return true;
  });
});

test('what lies in a folder, by the paths of each platform', () => {
  for (const [of, home, drive] of [
    [path.posix, '/models/gpt2', '/'],
    [path.win32, 'C:\\models\\gpt2', 'D:\\'],
  ] as const) {
    const file = (...parts: string[]) => of.join(home, ...parts);
    assert.ok(isInside(home, file('config.json'), of));
    assert.ok(isInside(home, file('a', 'b'), of));
    assert.ok(isInside(home, file('..config.json'), of), 'a name may begin with two dots');
    assert.ok(!isInside(home, home, of));
    assert.ok(!isInside(home, file('..'), of));
    assert.ok(!isInside(home, file('..', 'other', 'config.json'), of));
    assert.ok(!isInside(home, `${drive}models`, of));
  }
});
