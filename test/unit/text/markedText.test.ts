/** A text with contributions, without colours. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { markedText } from '../../../src/text/markedText.ts';

const token = (text: string, score: number) => ({
  text,
  score,
  amount: score > 0 ? `+${score}` : `−${-score}`,
});

describe('markedText', () => {
  test('has bold for positive, italic for negative contributions, numbers where they are not small', () => {
    assert.equal(
      markedText([token('The', 0.1), token(' capital', 7), token(' of', -3), token(' it', 2)]),
      '<p>The <b>capital</b><sup>+7</sup> <i>of</i><sup>−3</sup> <b>it</b></p>',
    );
  });

  test('is one line; line breaks are drawn, and have a sign where they count', () => {
    assert.equal(
      markedText([token('a', 0), token('\n', 7), token('b\nc', -7), token('\n\n', 0)]),
      '<p>a<b>↵</b><sup>+7</sup><br><i>b</i><br><i>c</i><sup>−7</sup><br><br></p>',
    );
    assert.equal(markedText([token('  ', 1)]), '<p><b>␣␣</b><sup>+1</sup></p>');
  });

  test('holds nothing that Markdown or a page would take for its own', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...'|\\`*_[]()<>!&;$~:#@-+="\' \n\r\ta1日\u202e'.split('')),
    });
    const tokens = fc.array(fc.tuple(hostile, fc.integer({ min: -7, max: 7 })), { minLength: 1 });
    fc.assert(
      fc.property(tokens, (all) => {
        const html = markedText(all.map(([text, score]) => token(text, score)));
        assert.doesNotMatch(html, /[\n\r]/);
        const rest = html.replaceAll(/<\/?(p|b|i|sup)>|<br>/g, '').replaceAll(/&#\d+;/g, '');
        assert.doesNotMatch(rest, /[&<>"`*_~|\\[\]#$@:]/, rest);
      }),
    );
  });
});
