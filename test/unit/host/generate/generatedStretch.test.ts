import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PlacedTokens } from '../../../../src/host/generate/candidate.ts';
import { GeneratedStretch } from '../../../../src/host/generate/generatedStretch.ts';
import { deletion, insertion, token } from '../../../fixtures/generated.ts';

describe('GeneratedStretch', () => {
  const place = (start: number, ...texts: string[]): PlacedTokens[] => {
    let end = start;
    return texts.map((text, i) => {
      const from = end;
      end += text.length;
      return { start: from, end, tokens: [token(text, i)] };
    });
  };

  const tokensOf = (stretch: GeneratedStretch) => {
    const found: string[] = [];
    for (let at = stretch.start; at < stretch.end; at++) {
      const one = stretch.tokensAt(at);
      if (one?.start === at) found.push(one.tokens[0]!.text);
    }
    return found;
  };

  test('grows at its end, where a token that was there in part becomes whole', () => {
    const stretch = new GeneratedStretch(5, 'one(', place(5, 'one'));
    stretch.append(') two', [...place(8, '()'), ...place(10, ' two')]);
    assert.deepEqual([stretch.end, tokensOf(stretch)], [14, ['one', '()', ' two']]);
  });

  test('has every token on its own characters, or not at all, whatever the edits', () => {
    const edit = fc.record({ at: fc.nat(40), length: fc.nat(4), text: fc.constantFrom('', 'x', 'one', ' ') });
    let kept = 0;
    let cut = 0;
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), (edits) => {
        const tokens = place(6, 'one', ' two', ' three', '.');
        const written = tokens.map(({ tokens: [one] }) => one!.text).join('');
        // Characters are told apart by identity, so that an equal text typed anew is not taken for the old one.
        const marks = (text: string) => Array.from(text, (char) => ({ char }));
        let document = marks(`start ${written} end`);
        const own = tokens.map(({ start, end }) => document.slice(start, end));
        const stretch = new GeneratedStretch(6, written, tokens);
        for (const { at, length, text } of edits) {
          const rangeOffset = Math.min(at, document.length);
          const rangeLength = Math.min(length, document.length - rangeOffset);
          document = document.toSpliced(rangeOffset, rangeLength, ...marks(text));
          stretch.follow([{ rangeOffset, rangeLength, text }]);
          if (!stretch.intact) return;
          assert.equal(
            document
              .slice(stretch.start, stretch.end)
              .map(({ char }) => char)
              .join(''),
            stretch.text,
          );
          const found = new Set(
            document.map((_, offset) => stretch.tokensAt(offset)).map((one) => one?.tokens[0]?.id),
          );
          for (const [id, characters] of own.entries()) {
            if (!found.has(id)) continue;
            const start = document.indexOf(characters[0]!);
            assert.deepEqual(
              [stretch.tokensAt(start)?.start, stretch.tokensAt(start)?.tokens[0]?.id],
              [start, id],
            );
            assert.ok(characters.every((mark, i) => document[start + i] === mark));
          }
          if (found.has(tokens.length - 1)) kept += 1;
          else cut += 1;
        }
      }),
      { numRuns: 5000 },
    );
    assert.ok(kept > 1000 && cut > 1000, `both are met often: ${kept}, ${cut}`);
  });

  test('loses what comes after an edit inside it, and everything after an edit at its start', () => {
    const stretch = new GeneratedStretch(0, 'one two three', place(0, 'one', ' two', ' three'));
    stretch.follow([insertion(9, 'x')]);
    assert.deepEqual([stretch.end, tokensOf(stretch)], [9, ['one', ' two']]);
    stretch.follow([deletion(7, 1)]);
    assert.deepEqual([stretch.end, tokensOf(stretch)], [7, ['one', ' two']]);
    stretch.follow([deletion(0, 1)]);
    assert.equal(stretch.intact, false);
  });
});
