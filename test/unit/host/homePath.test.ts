import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { test } from 'node:test';
import { homePath } from '../../../src/host/homePath.ts';

test('a leading ~ is the home folder', () => {
  assert.equal(homePath('~', '/home/me', posix), '/home/me');
  assert.equal(homePath('~/models/gpt2', '/home/me', posix), '/home/me/models/gpt2');
  assert.equal(homePath('~other/gpt2', '/home/me', posix), '~other/gpt2');
  assert.equal(homePath('/models/~/gpt2', '/home/me', posix), '/models/~/gpt2');
  assert.equal(homePath('~\\x', '/home/me', posix), '~\\x');
});

test('on Windows with either slash', () => {
  const home = 'C:\\Users\\me';
  assert.equal(homePath('~\\models\\gpt2', home, win32), 'C:\\Users\\me\\models\\gpt2');
  assert.equal(homePath('~/models/gpt2', home, win32), 'C:\\Users\\me\\models\\gpt2');
  assert.equal(homePath('D:\\models\\gpt2', home, win32), 'D:\\models\\gpt2');
});
