/** What a file looks like, and what it is called. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as v from 'valibot';
import manifest from '../../../../package.json' with { type: 'json' };
import { fromPage } from '../../../../src/protocol/panels/page.ts';
import { fileName } from '../../../../webview/base/fileName.ts';
import { paper } from '../../../../webview/base/paper.ts';

test('a file has the light theme’s colours', () => {
  const light = new Map(
    manifest.contributes.colors.map(({ id, defaults }) => [id.replace('whytoken.', ''), defaults.light]),
  );
  for (const name of ['for', 'against', 'attention', 'surprisal'] as const) {
    assert.equal(paper.colours[name], light.get(`${name}Border`));
    assert.equal(paper.colours[`${name}Fill`], light.get(`${name}Background`));
  }
});

describe('a file’s name', () => {
  test('tells what is in it', () => {
    assert.equal(
      fileName('Why " Paris" (41%) and not " the" (12%)? Waterfall, integrated gradients'),
      'why-paris-41-and-not-the-12-waterfall-integrated-gradients',
    );
    assert.equal(fileName('第 0 层头 1：从 “国” 到其最强键的弧线'), '第-0-层头-1-从-国-到其最强键的弧线');
  });

  test('has nothing of a path, and an end', () => {
    for (const title of ['../../etc/passwd', 'C:\\x', '', '…', 'a'.repeat(500), `${'word '.repeat(90)}`]) {
      const name = fileName(title);
      assert.doesNotMatch(name, /[^\p{L}\p{N}\p{M}-]/u);
      assert.ok([...name].length <= 80, name);
      assert.ok(v.is(fromPage, { type: 'save', extension: 'svg', name, data: '' }));
    }
    assert.ok(!v.is(fromPage, { type: 'save', extension: 'svg', name: '../x', data: '' }));
  });
});
