/** The contributed colours on the default themes: readable text, visible lines, and two sides for colour-blind eyes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { midTones } from '../../../src/host/paint/pictures/chart.ts';
import { levels } from '../../../src/text/level.ts';
import { bandOf } from '../../../src/text/rankBand.ts';

type Rgb = [number, number, number];
type Theme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

/** Editor background and foreground of VS Code's own themes, and the contrast that text must keep there (WCAG 2). */
const themes: Record<Theme, { background: string; foreground: string; contrast: number }> = {
  dark: { background: '#1f1f1f', foreground: '#cccccc', contrast: 4.5 },
  light: { background: '#ffffff', foreground: '#3b3b3b', contrast: 4.5 },
  highContrast: { background: '#000000', foreground: '#ffffff', contrast: 7 },
  highContrastLight: { background: '#ffffff', foreground: '#292929', contrast: 7 },
};

/** What hovers, and the card in the text, are drawn on. */
const hovers: Record<Theme, string> = {
  dark: '#202020',
  light: '#f8f8f8',
  highContrast: '#0c141f',
  highContrastLight: '#ffffff',
};

const manifest = JSON.parse(
  readFileSync(path.resolve(import.meta.dirname, '../../../package.json'), 'utf8'),
) as {
  contributes: { colors: { id: string; defaults: Record<Theme, string> }[] };
};

function colour(id: string, theme: Theme): Rgb {
  const found = manifest.contributes.colors.find((entry) => entry.id === `whytoken.${id}`);
  assert.ok(found, id);
  return parse(found.defaults[theme]);
}

function parse(hex: string): Rgb {
  assert.match(hex, /^#[0-9a-f]{6}$/, 'the colours are opaque');
  return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255) as Rgb;
}

const mix = (a: Rgb, b: Rgb, share: number) => a.map((x, i) => share * x + (1 - share) * b[i]!) as Rgb;
const linear = (x: number) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
const linearOf = (rgb: Rgb) => rgb.map(linear) as Rgb;
const luminance = ([r, g, b]: Rgb) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** As seen without one kind of cone: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB. */
const deficiencies = {
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
};

function seen(rgb: Rgb, matrix: readonly number[]): Rgb {
  const [r, g, b] = linearOf(rgb);
  const row = (i: number) => matrix[i]! * r + matrix[i + 1]! * g + matrix[i + 2]! * b;
  return [row(0), row(3), row(6)].map((x) => Math.min(1, Math.max(0, x))) as Rgb;
}

/** Distance in CIELAB (D65) of two linear RGB colours; about 2 can just be told apart. */
function distance(a: Rgb, b: Rgb): number {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116);
  const lab = ([r, g, b]: Rgb) => {
    const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047);
    const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  };
  const [one, other] = [lab(a), lab(b)];
  return Math.hypot(...one.map((x, i) => x - other[i]!));
}

function assertApart(what: string, one: Rgb, other: Rgb): void {
  for (const [kind, matrix] of Object.entries(deficiencies)) {
    const apart = distance(seen(one, matrix), seen(other, matrix));
    assert.ok(apart > 25, `${what}, ${kind}: ${apart.toFixed(1)}`);
  }
}

for (const [theme, { background, foreground, contrast: least }] of Object.entries(themes)) {
  const name = theme as Theme;
  const editor = parse(background);

  test(`${theme}: the text stays readable on every step of every colour`, () => {
    for (const side of ['for', 'against', 'attention', 'surprisal', 'context']) {
      for (let step = 1; step <= levels; step++) {
        const painted = mix(colour(`${side}Background`, name), editor, step / levels);
        assert.ok(contrast(painted, parse(foreground)) >= least, `${side} ${step}`);
      }
    }
  });

  test(`${theme}: the bands of ranks can be told apart`, () => {
    const painted = [1, 10, 100, 1000, 1001].map((rank) =>
      mix(colour('surprisalBackground', name), editor, bandOf(rank) / levels),
    );
    for (const [band, one] of painted.slice(0, -1).entries()) {
      const apart = distance(linearOf(one), linearOf(painted[band + 1]!));
      assert.ok(apart > 5, `bands ${band} and ${band + 1}: ${apart.toFixed(1)}`);
    }
  });

  test(`${theme}: the lines can be seen on the background and on the colour over them`, () => {
    for (const side of ['for', 'against', 'attention', 'surprisal', 'context']) {
      const line = colour(`${side}Border`, name);
      assert.ok(contrast(line, editor) >= 3, side);
      assert.ok(contrast(line, colour(`${side}Background`, name)) >= 2, side);
    }
  });

  test(`${theme}: the overlays’ colours are not taken for each other or for a sign`, () => {
    const overlays = ['attentionBackground', 'surprisalBackground', 'contextBackground'];
    const signs = ['forBackground', 'againstBackground'];
    const pairs = overlays.flatMap((a, index) => [...overlays.slice(index + 1), ...signs].map((b) => [a, b]));
    for (const [one, other] of pairs) {
      const apart = distance(linearOf(colour(one!, name)), linearOf(colour(other!, name)));
      assert.ok(apart > 15, `${one}, ${other}: ${apart.toFixed(1)}`);
    }
  });

  test(`${theme}: pictures can be seen on hovers`, () => {
    const hover = parse(hovers[name]);
    for (const tone of Object.values(midTones)) assert.ok(contrast(parse(tone), hover) >= 3, tone);
    assert.ok(contrast(colour('attentionBorder', name), hover) >= 3);
  });

  test(`${theme}: for and against differ for every kind of colour vision`, () => {
    for (const part of ['Background', 'Border']) {
      const [pro, contra] = [colour(`for${part}`, name), colour(`against${part}`, name)];
      assertApart(part, pro, contra);
    }
  });
}

test('the bars of tables differ for every kind of colour vision', () => {
  assertApart('mid-tones', parse(midTones.for), parse(midTones.against));
});
