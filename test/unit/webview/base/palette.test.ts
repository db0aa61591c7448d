/** From numbers to colours: more is never less, both signs are alike, and nothing shines through. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Colours } from '../../../../webview/base/colours.ts';
import {
  cssColour,
  levelOf,
  levels,
  lookup,
  readableOn,
  rgbOf,
  type Scale,
} from '../../../../webview/base/palette.ts';

const colours = {
  ...{ background: '#ffffff', foreground: '#000000', muted: '#666666', line: '#cccccc', focus: '#005fb8' },
  ...{ for: '#0050a0', forFill: '#cce', against: '#a04000', againstFill: '#ecc' },
  ...{ attention: '#7030c0', attentionFill: '#edf', surprisal: '#806000', surprisalFill: '#ffc' },
  ...{ font: 'sans-serif', textFont: 'monospace' },
} satisfies Colours;

const scales: Scale[] = [
  { kind: 'sequential', most: 2 },
  { kind: 'diverging', most: 2 },
];
const values = fc.double({ min: -5, max: 5, noNaN: true });

describe('levelOf', () => {
  for (const scale of scales) {
    test(`${scale.kind}: a whole number of the table, and never less for more`, () => {
      fc.assert(
        fc.property(values, values, (one, other) => {
          const least = scale.kind === 'sequential' ? 0 : -5;
          const [low, high] = [Math.max(least, Math.min(one, other)), Math.max(least, one, other)];
          assert.ok(levelOf(low, scale) <= levelOf(high, scale), `${low}, ${high}`);
          const level = levelOf(one, scale);
          assert.ok(Number.isInteger(level) && level >= 0 && level < levels, `${one}: ${level}`);
        }),
      );
    });

    test(`${scale.kind}: what is beyond the scale is drawn as its end, infinity too`, () => {
      assert.equal(levelOf(7, scale), levelOf(2, scale));
      assert.equal(levelOf(Number.POSITIVE_INFINITY, scale), levelOf(2, scale));
    });

    test(`${scale.kind}: nothing at all, and what is less than the least, is drawn as 0`, () => {
      const zero = levelOf(0, scale);
      assert.equal(levelOf(0.1, { ...scale, least: 0.2 }), zero);
      assert.equal(levelOf(1, { ...scale, most: 0 }), zero);
      assert.equal(levelOf(-0, scale), zero);
    });
  }

  test('a number and its negative are as far from 0 as each other', () => {
    const scale: Scale = { kind: 'diverging', most: 2 };
    const zero = levelOf(0, scale);
    fc.assert(
      fc.property(values, (value) => {
        assert.equal(levelOf(value, scale) - zero, zero - levelOf(-value, scale), String(value));
      }),
    );
  });

  test('an unknown value has a level that no number has', () => {
    for (const scale of scales) {
      const unknown = levelOf(Number.NaN, scale);
      fc.assert(fc.property(values, (value) => levelOf(value, scale) !== unknown));
    }
  });
});

describe('lookup', () => {
  for (const scale of scales) {
    test(`${scale.kind}: opaque, with the background at 0 and the full colours at the ends`, () => {
      const table = lookup(scale, colours);
      const at = (value: number) => [
        ...table.subarray(levelOf(value, scale) * 4, levelOf(value, scale) * 4 + 3),
      ];
      assert.equal(table.length, 4 * levels);
      for (let level = 0; level < levels; level++) assert.equal(table[level * 4 + 3], 255);
      assert.deepEqual(at(0), [255, 255, 255]);
      assert.deepEqual(at(2), rgbOf(scale.kind === 'diverging' ? colours.for : colours.attention));
      if (scale.kind === 'diverging') assert.deepEqual(at(-2), rgbOf(colours.against));
      const [red, green, blue] = at(Number.NaN);
      assert.ok(red === green && green === blue && red! < 255, 'what is not known is grey');
    });

    test(`${scale.kind}: the map and its legend have the same colours`, () => {
      const table = lookup(scale, colours);
      fc.assert(
        fc.property(fc.oneof(values, fc.constant(Number.NaN)), (value) => {
          const level = levelOf(value, scale);
          const channels = [...table.subarray(level * 4, level * 4 + 3)].join(', ');
          assert.equal(cssColour(value, scale, colours), `rgb(${channels})`);
        }),
      );
    });
  }

  test('from the background to the full colour no step goes back', () => {
    const table = lookup({ kind: 'sequential', most: 1 }, colours);
    for (let level = 1; level < levels - 1; level++) {
      for (let channel = 0; channel < 3; channel++) {
        assert.ok(table[level * 4 + channel]! <= table[(level - 1) * 4 + channel]!, `${level} ${channel}`);
      }
    }
  });
});

test('rgbOf reads the colours of themes', () => {
  assert.deepEqual(rgbOf('#abc'), [0xaa, 0xbb, 0xcc]);
  assert.deepEqual(rgbOf(' #A1b2C3 '), [0xa1, 0xb2, 0xc3]);
  assert.deepEqual(rgbOf('#a1b2c3d4'), [0xa1, 0xb2, 0xc3]);
  assert.deepEqual(rgbOf('#abcd'), [0xaa, 0xbb, 0xcc]);
  assert.deepEqual(rgbOf('rgb(1, 22, 255)'), [1, 22, 255]);
  assert.deepEqual(rgbOf('rgba(1, 22, 255, 0.5)'), [1, 22, 255]);
});

test('texts on a map are dark on light and light on dark', () => {
  const on = (value: number, kind: Scale['kind']) => readableOn(value, { kind, most: 1 }, colours);
  assert.deepEqual([on(0, 'diverging'), on(0.01, 'diverging')], [colours.foreground, colours.foreground]);
  assert.deepEqual([on(1, 'diverging'), on(1, 'sequential')], [colours.background, colours.background]);
});
