import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LiveCandidates } from '../../../../src/host/generate/liveCandidates.ts';
import type { TextChange } from '../../../../src/host/text/trackedSpan.ts';
import { deletion, insertion, sequence, token } from '../../../fixtures/generated.ts';

describe('LiveCandidates', () => {
  function offered(...texts: string[][]): LiveCandidates {
    const candidates = new LiveCandidates(10, '\n');
    candidates.finish(texts.map((tokens) => sequence(...tokens)));
    candidates.offer();
    return candidates;
  }

  const texts = (candidates: LiveCandidates) => candidates.rests(null, false).map(({ text }) => text);

  test('offers each text once, without empty ones, and only what was offered last', () => {
    const candidates = offered(['a'], [], ['a'], ['b', 'c']);
    candidates.push({ sequence: 0, token: token('x'), text: 'x' });
    assert.deepEqual(texts(candidates), ['a', 'bc']);
    candidates.offer();
    assert.deepEqual(texts(candidates), ['ax', 'a', 'bc']);
  });

  test('leaves last line ends out at the start of a line', () => {
    const candidates = offered(['one\n', 'two\n\n'], ['one\n', 'two'], ['\n', 'x\n'], ['\n']);
    const rests = candidates.rests(null, true).map(({ text }) => text);
    assert.deepEqual(rests, ['one\ntwo', '\nx\n', '\n']);
  });

  test('has what is left after a part was taken, and its whole tokens', () => {
    const candidates = offered(['one', ' two', ' three'], ['one', ' more'], ['other']);
    const taken = candidates.follow([insertion(10, 'one tw')], null);
    assert.ok(taken.kind === 'taken');
    assert.deepEqual(
      taken.tokens.map(({ start, end, tokens: [one] }) => [start, end, one!.text]),
      [[10, 13, 'one']],
    );
    assert.deepEqual([candidates.position, texts(candidates)], [16, ['o three']]);
    const more = candidates.follow([insertion(16, 'o')], null);
    assert.ok(more.kind === 'taken');
    assert.deepEqual(
      more.tokens.map(({ start, end, tokens: [one] }) => [start, end, one!.text]),
      [[13, 17, ' two']],
    );
  });

  test('gives back what an undo takes away', () => {
    const candidates = offered(['one', ' two'], ['other']);
    candidates.follow([insertion(10, 'one')], null);
    assert.equal(candidates.follow([deletion(11, 2)], null).kind, 'taken');
    assert.deepEqual([candidates.position, texts(candidates)], [11, ['ne two', 'ther']]);
  });

  test('tells what is written instead from what is changed elsewhere', () => {
    const kind = (...changes: TextChange[]) => offered(['one'], ['two']).follow(changes, null).kind;
    assert.equal(kind(insertion(10, 'x')), 'left');
    assert.equal(kind(deletion(9, 1)), 'left');
    assert.equal(kind(deletion(10, 4)), 'left');
    assert.equal(kind(insertion(10, 'one'), insertion(3, 'one')), 'left');
    assert.equal(kind(insertion(3, 'x')), 'elsewhere');
    assert.equal(kind(insertion(14, 'x')), 'elsewhere');
    assert.equal(kind(insertion(10, 'tw')), 'taken');
  });
});
