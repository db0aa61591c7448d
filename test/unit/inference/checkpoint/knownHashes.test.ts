import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { fingerprintOf } from '../../../../src/inference/checkpoint/fingerprint.ts';
import { KnownHashes } from '../../../../src/inference/checkpoint/knownHashes.ts';
import { OpenedFile } from '../../../../src/inference/checkpoint/openedFile.ts';
import { Run } from '../../../../src/inference/run.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const config = Buffer.from('{}');

/** A weights file, and what takes its hash in a process of its own. */
function prepare(t: TestContext) {
  const folder = temporaryFolder(t);
  const weights = path.join(folder, 'weights');
  const kept = path.join(folder, 'kept', 'hashes.json');
  fs.writeFileSync(weights, 'these are weights');
  const hash = async (configBytes = config) => {
    const file = new OpenedFile('weights', weights);
    t.after(() => file.close());
    const read = t.mock.method(file, 'read');
    const fingerprint = fingerprintOf(configBytes, file, new KnownHashes(kept));
    const before = fingerprint.known;
    const sha256 = await fingerprint.of(Run.detached());
    assert.equal(fingerprint.known, sha256);
    return { sha256, before, reads: read.mock.callCount() };
  };
  return { weights, kept, hash };
}

test('what one process has read, another does not read again', async (t) => {
  const { hash } = prepare(t);
  const first = await hash();
  assert.deepEqual([first.before, first.reads], [null, 1]);
  assert.deepEqual(await hash(), { sha256: first.sha256, before: first.sha256, reads: 0 });
});

test('a file that was changed, replaced or touched is read, and so is one beside another config', async (t) => {
  const { weights, hash } = prepare(t);
  const first = await hash();
  fs.utimesSync(weights, new Date(), new Date(Date.now() - 5000));
  const touched = await hash();
  assert.deepEqual([touched.sha256, touched.reads], [first.sha256, 1]);
  fs.writeFileSync(`${weights}.new`, 'these are WEIGHTS');
  fs.utimesSync(`${weights}.new`, fs.statSync(weights).atime, fs.statSync(weights).mtime);
  fs.renameSync(`${weights}.new`, weights);
  const replaced = await hash();
  assert.equal(replaced.reads, 1);
  assert.notEqual(replaced.sha256, first.sha256);
  const other = await hash(Buffer.from('{"x": 1}'));
  assert.equal(other.reads, 1);
  assert.notEqual(other.sha256, replaced.sha256);
});

test('a file of hashes that is damaged, or cannot be written, costs only the reading', async (t) => {
  const { kept, hash } = prepare(t);
  const { sha256 } = await hash();
  for (const content of ['', '{', '[1, [2], ["x", "y"], ["../..", 7]]', `[["0", "${'0'.repeat(64)}"`, '[]']) {
    fs.writeFileSync(kept, content);
    assert.equal((await hash()).sha256, sha256, content);
  }
  fs.rmSync(path.dirname(kept), { recursive: true });
  fs.writeFileSync(path.dirname(kept), 'not a folder');
  assert.deepEqual(await hash(), { sha256, before: null, reads: 1 });
});

test('the newest are kept, and nothing that tells where a file is', async (t) => {
  const { kept, hash } = prepare(t);
  for (let i = 0; i < 70; i++) await hash(Buffer.from(String(i)));
  const text = fs.readFileSync(kept, 'utf8');
  assert.equal(JSON.parse(text).length, 64);
  assert.doesNotMatch(text, /weights|tmp/);
  assert.equal((await hash(Buffer.from('69'))).reads, 0);
  assert.equal((await hash(Buffer.from('0'))).reads, 1);
});
