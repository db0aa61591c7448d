import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Candidate, type PlacedTokens } from '../../../../src/host/generate/candidate.ts';
import { GeneratedStretch } from '../../../../src/host/generate/generatedStretch.ts';
import { LiveCandidates } from '../../../../src/host/generate/liveCandidates.ts';
import type { TextChange } from '../../../../src/host/text/trackedSpan.ts';
import type { GeneratedSequence, GeneratedToken } from '../../../../src/protocol/results.ts';

const token = (text: string, id = 0): GeneratedToken => ({
  id,
  text,
  logProb: -1,
  rank: 1,
  entropy: 1,
  top: [],
});

const sequence = (...texts: string[]): GeneratedSequence => ({
  text: texts.join(''),
  tokens: texts.map(token),
  ended: 'length',
});

const insertion = (rangeOffset: number, text: string): TextChange => ({ rangeOffset, rangeLength: 0, text });
const deletion = (rangeOffset: number, rangeLength: number): TextChange => ({
  rangeOffset,
  rangeLength,
  text: '',
});

describe('Candidate', () => {
  test('writes the document’s ends of line, also those that come in two pieces', () => {
    const candidate = new Candidate('\r\n');
    for (const text of ['a', '\r', '\n', 'b\n']) candidate.push({ token: token(text), text });
    assert.equal(candidate.text, 'a\r\nb\r\n');
    assert.deepEqual(
      candidate
        .placedTokens()
        .map(({ start, end, tokens }) => [start, end, ...tokens.map(({ text }) => text)]),
      [
        [0, 1, 'a'],
        [1, 3, '\r'],
        [3, 6, 'b\n'],
      ],
    );
  });

  test('has all pieces of a character at that character', () => {
    const candidate = new Candidate('\n');
    const texts = ['in', ' \ufffd', '\ufffd', '\ufffd国', '!'];
    candidate.finish({ text: 'in 中国!', tokens: texts.map(token), ended: 'length' });
    assert.deepEqual(
      candidate.placedTokens().map(({ start, end, tokens }) => [start, end, tokens.map(({ id }) => id)]),
      [
        [0, 2, [0]],
        [2, 4, [1, 2]],
        [4, 5, [3]],
        [5, 6, [4]],
      ],
    );
  });

  test('has its tokens on their own text, whatever the ends of line', () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', 'é', '\r', '\n', '😀', ' '),
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (texts, lineEnd) => {
        const candidate = new Candidate(lineEnd);
        candidate.finish(sequence(...texts));
        const placed = candidate.placedTokens();
        let end = 0;
        for (const one of placed) {
          assert.equal(one.start, end);
          ({ end } = one);
          const own = candidate.text.slice(one.start, one.end);
          assert.equal(own.replaceAll(/[\r\n]/g, ''), one.tokens[0]!.text.replaceAll(/[\r\n]/g, ''));
        }
        assert.equal(end, candidate.text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

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

  test('grows at its end; a token that was there in part is there as a whole then', () => {
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

  test('loses what comes after an edit inside it, and all of it by one at its start', () => {
    const stretch = new GeneratedStretch(0, 'one two three', place(0, 'one', ' two', ' three'));
    stretch.follow([insertion(9, 'x')]);
    assert.deepEqual([stretch.end, tokensOf(stretch)], [9, ['one', ' two']]);
    stretch.follow([deletion(7, 1)]);
    assert.deepEqual([stretch.end, tokensOf(stretch)], [7, ['one', ' two']]);
    stretch.follow([deletion(0, 1)]);
    assert.equal(stretch.intact, false);
  });
});
