/** Exported pictures are well-formed, self-contained XML whatever texts are in them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { arcPath, escaped, pixelsOf, type Scene, type Shape, toSvg } from '../../../../webview/base/scene.ts';
import { elementsOf, parseXml, textOf } from '../../../fixtures/xml.ts';

const hostile = '</text><script>alert("1")</script>&amp;<!-- ]]> \u0000\u001b\ud800\ufffe \'"';

const words = (text: string): Shape => ({
  ...{ kind: 'words', x: 1, y: 2, text, fill: '#000', size: 12, font: 'sans-serif' },
});
const scene = (...shapes: Shape[]): Scene => ({ width: 100, height: 50, background: '#fff', shapes });

/** What a reader of the file sees of a text. */
const read = (text: string) => {
  const found = elementsOf(parseXml(toSvg(scene(words(text))).trimEnd())).filter(
    ({ name }) => name === 'text',
  );
  assert.equal(found.length, 1);
  return textOf(found[0]!);
};

describe('toSvg', () => {
  test('shows hostile text as text; what XML cannot hold becomes U+FFFD', () => {
    assert.equal(
      read(hostile),
      '</text><script>alert("1")</script>&amp;<!-- ]]> \ufffd\ufffd\ufffd\ufffd \'"',
    );
  });

  test('keeps every text that XML can hold as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // Tabs and returns are legal, but the tests' strict reader has none.
        fc.pre(!/[\t\r]/.test(text));
        const expected = text
          .toWellFormed()
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
          .replace(/[\u0000-\u0009\u000b-\u001f\ufffe\uffff]/g, '\ufffd');
        assert.equal(read(text), expected);
      }),
    );
  });

  test('escapes colours and fonts of the theme', () => {
    const font = '"Fira Code", \'x\' <y> & z';
    const shape = { ...words('a'), font, fill: 'rgb(1, 2, 3)"/><image href="http://x"/>' } as Shape;
    const elements = elementsOf(parseXml(toSvg(scene(shape)).trimEnd()));
    assert.deepEqual(
      elements.map(({ name }) => name),
      ['svg', 'rect', 'text'],
    );
    assert.equal(elements[2]!.attributes['font-family'], font);
  });

  test('draws each shape where it is, over the whole background', () => {
    const svg = parseXml(
      toSvg(
        scene(
          { kind: 'rect', x: 1, y: 2, width: 3, height: 4, fill: '#123456', stroke: '#abcdef', dashed: true },
          { kind: 'line', from: [5, 6], to: [7, 8], stroke: '#111111', width: 2 },
          { kind: 'arc', from: [0, 40], to: [10, 40], rise: 15, stroke: '#222222', width: 1 },
          { ...words('hello'), anchor: 'end', bold: true } as Shape,
        ),
      ).trimEnd(),
    );
    assert.equal(svg.attributes.viewBox, '0 0 100 50');
    const [, background, rect, line, path, text] = elementsOf(svg);
    assert.deepEqual(background!.attributes, { width: '100', height: '50', fill: '#fff' });
    assert.deepEqual(rect!.attributes, {
      ...{ x: '1', y: '2', width: '3', height: '4' },
      ...{ fill: '#123456', stroke: '#abcdef', 'stroke-dasharray': '3 2' },
    });
    assert.deepEqual(line!.attributes, {
      x1: '5',
      y1: '6',
      x2: '7',
      y2: '8',
      stroke: '#111111',
      'stroke-width': '2',
    });
    assert.equal(path!.attributes.fill, 'none');
    assert.deepEqual([text!.attributes['text-anchor'], text!.attributes['font-weight']], ['end', '600']);
  });

  test('an arc is as high as it says: the middle of its curve is `rise` above its ends', () => {
    const path = arcPath({ kind: 'arc', from: [10, 40], to: [30, 40], rise: 15, stroke: '', width: 1 });
    const [x0, y0, x1, y1, x2, y2, x3, y3] = path.match(/-?[\d.]+/g)!.map(Number) as [
      ...[number, number, number, number, number, number, number, number],
    ];
    assert.deepEqual([x0, y0, x3, y3], [10, 40, 30, 40]);
    // Bernstein polynomials at one half.
    assert.ok(Math.abs((x0 + 3 * x1 + 3 * x2 + x3) / 8 - 20) < 1e-9);
    assert.ok(Math.abs((y0 + 3 * y1 + 3 * y2 + y3) / 8 - 25) < 1e-9);
  });
});

describe('pixelsOf', () => {
  test('is twice as fine as the page, up to what a canvas can hold', () => {
    assert.deepEqual(pixelsOf({ width: 900, height: 333.2 }), {
      ...{ width: 1800, height: 667, ratio: 2, isReduced: false },
    });
    for (const [width, height] of [
      [20_000, 100],
      [100, 300_000],
      [9_000, 9_000],
      [16_384, 16_384],
    ] as const) {
      const pixels = pixelsOf({ width, height });
      assert.ok(pixels.isReduced && pixels.ratio < 2);
      assert.ok(Math.max(pixels.width, pixels.height) <= 16_384);
      assert.ok(pixels.width * pixels.height <= 2 ** 27);
      // As large as it can be, and not out of shape.
      const isFull = pixels.width * pixels.height > 0.99 * 2 ** 27;
      assert.ok(isFull || Math.max(pixels.width, pixels.height) >= 16_383);
      assert.ok(Math.abs(pixels.width - width * pixels.ratio) < 1);
      assert.ok(Math.abs(pixels.height - height * pixels.ratio) < 1);
    }
  });
});

test('escaped leaves neither tags nor the ends of attributes', () => {
  assert.equal(escaped('<a href="x">&'), '&lt;a href=&quot;x&quot;&gt;&amp;');
});
