import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { rangesOfGroup } from '../../../src/host/overlay/ranges.ts';
import type { DisplayToken } from '../../../src/text/displayTokens.ts';
import { byLine, byNode, byToken, byWord, type TokenGroup } from '../../../src/text/granularity.ts';

function tokens(...texts: string[]): { text: string; tokens: DisplayToken[] } {
  let start = 0;
  const all = texts.map((text, first) => {
    const token = { start, end: start + text.length, text, score: first + 1, first, pieces: 1 };
    start = token.end;
    return token;
  });
  return { text: texts.join(''), tokens: all };
}

const shown = (groups: TokenGroup[], all: DisplayToken[]) =>
  groups.map((group) => group.tokens.map((index) => all[index]!.text).join('|'));

describe('granularity', () => {
  test('joins the pieces of a word, which take the space in front with them', () => {
    const { text, tokens: all } = tokens('The', ' cap', 'ital', ' of', ' Fr', 'ance', '.');
    const groups = byWord(text, all, 'en');
    assert.deepEqual(shown(groups, all), ['The', ' cap|ital', ' of', ' Fr|ance', '.']);
    assert.deepEqual(
      groups.map(({ score }) => score),
      [1, 5, 4, 11, 7],
    );
  });

  test('joins lines, each with the break that ends it', () => {
    const { text, tokens: all } = tokens('one', ' two', '\n', '  ', ' three', '\n', 'four');
    assert.deepEqual(shown(byLine(text, all), all), ['one| two|\n', '  | three|\n', 'four']);
  });

  test('joins the tokens of the innermost node that holds more than a word; separate runs stay separate', () => {
    const { text, tokens: all } = tokens('f', '(', 'a', ' +', ' b', ')', ';');
    const sum = { start: 2, end: 7 };
    const call = { start: 0, end: 8 };
    const nodesAt = (offset: number) => [
      { start: offset, end: offset + 1 },
      ...(offset >= 2 && offset < 7 ? [sum] : []),
      ...(offset < 8 ? [call] : []),
    ];
    const groups = byNode(text, all, nodesAt);
    assert.deepEqual(shown(groups, all), ['f|(|)', 'a| +| b', ';']);
    assert.deepEqual(rangesOfGroup(groups[0]!, all), [
      { start: 0, end: 2 },
      { start: 7, end: 8 },
    ]);
  });

  test('keeps every token once and the sum as it is, at every level, in any text', () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', ' ', '\n', '中', '文', '.', '\ud83d\ude00', 'é'),
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), (texts) => {
        const { text, tokens: all } = tokens(...texts);
        const sum = all.reduce((total, { score }) => total + score, 0);
        for (const groups of [
          byToken(all),
          byWord(text, all, 'zh-cn'),
          byLine(text, all),
          byNode(text, all, () => []),
        ]) {
          assert.deepEqual(
            groups.flatMap((group) => group.tokens).sort((a, b) => a - b),
            all.map((_, index) => index),
          );
          assert.equal(
            groups.reduce((total, { score }) => total + score, 0),
            sum,
          );
        }
      }),
      { numRuns: 5000 },
    );
  });
});
