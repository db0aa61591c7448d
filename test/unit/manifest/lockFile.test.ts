import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/lib/project.ts';

test('every package of the lock file has the hash that npm checks it by, also those of other platforms', () => {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const others = Object.entries<Record<string, unknown>>(packages).filter(([name]) => name !== '');
  assert.ok(others.length > 50);
  const without = others.filter(([, { integrity, link }]) => !link && !/^sha512-/.test(String(integrity)));
  assert.deepEqual(
    without.map(([name]) => name),
    [],
  );
});
