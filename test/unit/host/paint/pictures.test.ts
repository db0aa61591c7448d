/** The pictures on the text: well-formed, small, harmless with any token, and showing the numbers that they are given. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { attentionStyles, hangingColumn, maxKeys } from '../../../../src/host/paint/pictures/anchors.ts';
import { arcFrom, arcLevels, strongestKeys } from '../../../../src/host/paint/pictures/arcs.ts';
import { type CardInput, drawCard, drawCards } from '../../../../src/host/paint/pictures/card.ts';
import { cardLayers } from '../../../../src/host/paint/pictures/cardPlace.ts';
import { scoreBar } from '../../../../src/host/paint/pictures/chart.ts';
import { columnsNear, columnsOf } from '../../../../src/host/paint/pictures/columns.ts';
import { fitted } from '../../../../src/host/paint/pictures/label.ts';
import { outline, ring } from '../../../../src/host/paint/pictures/ring.ts';
import { cssUrl, element, escapeXml, markdownImage } from '../../../../src/host/paint/pictures/svg.ts';
import { gridFor, pooled, thumbnails } from '../../../../src/host/paint/pictures/thumbnails.ts';
import { underbar } from '../../../../src/host/paint/pictures/underbar.ts';
import { levels } from '../../../../src/text/level.ts';
import { withSigns } from '../../../../src/text/visible.ts';
import { elementsOf, parseXml, textOf, type XmlElement } from '../../../fixtures/xml.ts';

/** Whatever can be in a document: halves of characters, controls, what XML does not allow. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom('\ufffe', '\uffff', '\0', '\ud800', '\udc00', '\u202e', '\u2028', '\n', '\t', '  '),
      fc.constantFrom(
        '</svg>',
        '"',
        "'",
        '&amp;',
        '&',
        ']]>',
        '<!--',
        '%22',
        '#',
        ')',
        '}',
        ';',
        '\\',
        'שלום',
        '日本',
      ),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const hostile = '"/></svg><script>alert(1)</script>&\'\u202e\0\ud800\ufffe url(x) } .a{}';

/** Nothing that loads, runs or links. */
const harmless = new Set(['svg', 'g', 'path', 'rect', 'text']);

function checked(svg: string): XmlElement {
  const root = parseXml(svg);
  assert.equal(root.name, 'svg');
  for (const { name, attributes } of elementsOf(root)) {
    assert.ok(harmless.has(name), name);
    for (const key of Object.keys(attributes)) assert.doesNotMatch(key, /^(on|href|xlink|style)/);
  }
  return root;
}

const named = (root: XmlElement, name: string) => elementsOf(root).filter((found) => found.name === name);
const texts = (svg: string) => named(parseXml(svg), 'text').map(textOf);
const numberOf = ({ attributes }: XmlElement, key: string) => Number(attributes[key] ?? 0);

/** The pictures in a style sheet, and the style sheet without them. */
const urls = /url\("data:image\/svg\+xml,([^"]*)"\)/g;
const picturesIn = (css: string) => [...css.matchAll(urls)].map(([, svg]) => decodeURIComponent(svg!));
const withoutPictures = (css: string) => css.replace(urls, 'url()');

/** What decorations write into the style sheet. */
function cssOf(options: unknown): string[] {
  if (typeof options !== 'object' || options === null) return [];
  return Object.entries(options).flatMap(([key, value]) =>
    key === 'backgroundColor' || key === 'textDecoration' ? [String(value)] : cssOf(value),
  );
}

/** One weight everywhere, but for those named by layer, head and key. */
function rowsOf(
  layers: number,
  heads: number,
  keys: number,
  weights: [number, number, number, number][] = [],
) {
  const rows = new Float32Array(layers * heads * keys);
  for (const [layer, head, key, weight] of weights) rows[(layer * heads + head) * keys + key] = weight;
  return { layers, heads, rows };
}

const cardInput = (changes: Partial<CardInput> = {}): CardInput => ({
  ...rowsOf(4, 6, 32),
  title: 'Attention of " Paris"',
  caption: 'Layers × heads',
  chosen: null,
  nextTitle: 'Expected next',
  next: [
    { text: ' Paris', probability: 0.5, probabilityText: '50%' },
    { text: ' the', probability: 0.125, probabilityText: '12.5%' },
  ],
  fontFamily: "'Droid Sans Mono', monospace",
  ...changes,
});

describe('SVG', () => {
  test('escapes any text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const root = checked(element('svg', { xmlns: text }, element('text', {}, escapeXml(text) || 'x')));
        const shown = withSigns(text).replace(/[\ufffe\uffff]/g, '\ufffd');
        assert.equal(textOf(root), shown || 'x');
        assert.equal(root.attributes.xmlns, shown);
      }),
      { numRuns: 1000 },
    );
  });

  test('can be read back from a style sheet, and nothing in it ends the string', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const svg = element('text', { id: text }, escapeXml(text));
        const [, inside] = /^url\("data:image\/svg\+xml,(.*)"\)$/s.exec(cssUrl(svg))!;
        assert.match(inside!, /^[ !$-[\]-~]*$/, 'no quote, backslash, # or line end; ASCII');
        assert.equal(decodeURIComponent(inside!), svg);
      }),
      { numRuns: 1000 },
    );
  });

  test('can be read back from Markdown', () => {
    const [, alternative, data] = /^!\[(.*)\]\(data:image\/svg\+xml;base64,([\w+/=]*)\)$/.exec(
      markdownImage('<svg>→</svg>', 'a chart'),
    )!;
    assert.equal(alternative, 'a chart');
    assert.equal(Buffer.from(data!, 'base64').toString(), '<svg>→</svg>');
  });
});

describe('fitted', () => {
  test('shortens to whole characters and says so', () => {
    assert.equal(fitted('abcdef', 6), 'abcdef');
    assert.equal(fitted('abcdef', 5), 'abcd…');
    assert.equal(fitted('日本語', 5), '日本…');
    assert.equal(fitted('ab👩‍👩‍👧cd', 5), 'ab👩‍👩‍👧…');
  });

  test('never takes more room than there is', () => {
    fc.assert(
      fc.property(anyText.map(withSigns), fc.integer({ min: 1, max: 20 }), (text, columns) => {
        const shown = fitted(text, columns);
        assert.ok(stringWidth(shown) <= columns, shown);
        assert.ok(shown === text || (shown.endsWith('…') && text.startsWith(shown.slice(0, -1))));
      }),
    );
  });
});

describe('strongestKeys', () => {
  test('takes the strongest, in the order of the text, and leaves out tiny weights', () => {
    assert.deepEqual(strongestKeys([0.1, 0.4, 0.001, 0, 0.2]), [
      { key: 0, level: 2 },
      { key: 1, level: 8 },
      { key: 4, level: 4 },
    ]);
    assert.deepEqual(
      strongestKeys([0.2, 0.2, 0.2, 0.1], 2).map(({ key }) => key),
      [1, 2],
    );
    assert.deepEqual(strongestKeys([]), []);
    assert.deepEqual(strongestKeys([0, Number.NaN, 0]), []);
  });

  test('leaves out no key that is stronger than a chosen one', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), (weights) => {
        const arcs = strongestKeys(Float32Array.from(weights));
        assert.ok(arcs.length <= maxKeys);
        const taken = new Set(arcs.map(({ key }) => key));
        assert.deepEqual(
          [...taken].sort((a, b) => a - b),
          arcs.map(({ key }) => key),
        );
        const weakest = Math.min(...arcs.map(({ key }) => weights[key]!));
        const largest = Math.max(0, ...weights);
        for (const [key, weight] of weights.entries()) {
          if (taken.has(key)) assert.ok(weight > 0);
          else assert.ok(weight <= weakest && (arcs.length === maxKeys || weight <= largest / 50));
        }
        for (const { key, level } of arcs) {
          assert.ok(level >= 1 && level <= arcLevels && Number.isInteger(level));
          assert.ok(Math.abs(level - (weights[key]! / largest) * arcLevels) <= 1);
        }
        assert.equal(Math.max(arcLevels, ...arcs.map(({ level }) => level)), arcLevels);
        if (largest > 0) assert.ok(arcs.some(({ level }) => level === arcLevels));
      }),
    );
  });
});

describe('the attention overlay', () => {
  const styles = attentionStyles();
  const all = [styles.query, ...styles.keys, styles.top, styles.bottom, styles.hanging];
  const names = [...JSON.stringify(all).matchAll(/anchor-name: (--[\w-]+)/g)].map(([, name]) => name!);

  test('needs 16 decoration types', () => {
    assert.equal(all.length, 16);
    assert.equal(styles.keys.length, maxKeys);
  });

  test('gives each place a name of its own, which no editor shares', () => {
    assert.equal(new Set(names).size, names.length);
    assert.equal(names.length, maxKeys + 4);
    const [, scope] = /anchor-scope: ([^;]+);/.exec(String(styles.query.backgroundColor))!;
    assert.deepEqual(scope!.split(', ').sort(), [...names].sort());
  });

  test('is attached only to named places', () => {
    const arcs = Array.from({ length: maxKeys }, (_, slot) => arcFrom(slot, 1 + (slot % arcLevels), maxKeys));
    const hanging = JSON.stringify([all, arcs, cardLayers(drawCards(cardInput()), 40)]);
    const used = new Set([...hanging.matchAll(/anchor(?:-size)?\((--[\w-]+)/g)].map(([, name]) => name!));
    assert.deepEqual([...used].sort(), [...names].sort());
  });

  test('writes CSS that ends where it should', () => {
    const written = [
      all,
      arcFrom(3, 5, 4),
      cardLayers(drawCards(cardInput({ title: hostile, nextTitle: hostile, fontFamily: hostile })), 40),
    ];
    const values = cssOf(written);
    assert.ok(values.length > 16);
    for (const css of values.map(withoutPictures)) {
      let depth = 0;
      for (const sign of css) {
        if ('({'.includes(sign)) depth++;
        if (')}'.includes(sign)) depth--;
        assert.ok(depth >= 0, css);
      }
      assert.equal(depth, 0, css);
      assert.doesNotMatch(css, /["'\\]|undefined|NaN/);
    }
  });

  test('draws stronger arcs wider and denser, all of them open to clicks', () => {
    const widths: number[] = [];
    const opacities: number[] = [];
    for (let level = 1; level <= arcLevels; level++) {
      const { before, after } = arcFrom(2, level, 3);
      for (const side of [before, after]) assert.match(String(side?.textDecoration), /pointer-events: none/);
      const css = String(before?.textDecoration);
      const pictures = picturesIn(css);
      assert.equal(
        pictures.length,
        4,
        'for the same line, without room above it, for the line above, for others',
      );
      const [path] = pictures.map((svg) => named(checked(svg), 'path')[0]!);
      widths.push(numberOf(path!, 'stroke-width'));
      opacities.push(Number(/opacity: ([\d.]+)/.exec(css)![1]));
    }
    const rising = (list: number[]) => list.every((value, i) => i === 0 || value > list[i - 1]!);
    assert.ok(rising(widths) && widths[0]! >= 1 && widths.at(-1)! <= 4, widths.join());
    assert.ok(rising(opacities) && opacities[0]! >= 0.3 && opacities.at(-1)! <= 1, opacities.join());
  });

  test('mirrors the arc for a key on the other side', () => {
    const { before, after } = arcFrom(0, 8, 1);
    const sides = [before, after].map((side) => String(side?.textDecoration));
    assert.match(sides[0]!, /left: calc\(anchor\(--whytoken-key-0 center/);
    assert.match(sides[1]!, /right: calc\(anchor\(--whytoken-key-0 center/);
    const curve = (css: string) => / d="([^"]+)"/.exec(picturesIn(css)[3]!)![1]!;
    const points = (css: string) =>
      curve(css)
        .match(/\d+ \d+/g)!
        .map((pair) => pair.split(' ').map(Number));
    assert.deepEqual(
      points(sides[1]!),
      points(sides[0]!).map(([x, y]) => [100 - x!, y]),
    );
  });
});

describe('hangingColumn', () => {
  test('is the query’s end', () => {
    assert.equal(hangingColumn('The capital is Paris.', 14, 20), 20);
    assert.equal(hangingColumn('注意力说明', 1, 3), 3);
  });

  test('avoids right-to-left text, and the query’s own ends', () => {
    const hebrew = 'המודל קורא את הטקסט.';
    assert.equal(hangingColumn(hebrew, 5, 10), hebrew.length);
    assert.equal(hangingColumn(hebrew, 19, hebrew.length), 0);
    assert.equal(hangingColumn('and عربي too', 0, 3), 12);
    assert.equal(hangingColumn('x\u{10a00}y', 0, 1), 4);
  });
});

describe('thumbnails', () => {
  test('pools the largest weight of each part of the row', () => {
    assert.deepEqual(pooled(Float32Array.of(1, 5, 2, 3, 4, 0), 3), [5, 3, 4]);
    assert.deepEqual(pooled(Float32Array.of(1, 2, 3), 3), [1, 2, 3]);
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 16 }),
        (weights, bins) => {
          const row = Float32Array.from(weights);
          const shown = pooled(row, Math.min(bins, row.length));
          assert.equal(shown.length, Math.min(bins, row.length));
          assert.equal(Math.max(...shown), Math.max(...row));
        },
      ),
    );
  });

  test('fit into their room, and each can be seen', () => {
    for (const [layers, heads] of [
      [4, 6],
      [12, 12],
      [24, 16],
      [36, 20],
      [48, 25],
      [1, 1],
    ] as const) {
      const { pitch, strip, bins } = gridFor(rowsOf(layers, heads, 100), 216, 156, 16);
      assert.ok(heads * pitch.x <= 216 && layers * pitch.y <= 156, `${layers} × ${heads}`);
      assert.ok(strip.width >= 2 && strip.height >= 2 && strip.width < pitch.x && strip.height < pitch.y);
      assert.ok(bins >= 1 && bins <= 16 && bins <= strip.width);
    }
    assert.equal(gridFor(rowsOf(12, 12, 3), 216, 156, 16).bins, 3);
  });

  test('draw a weight where its layer, head and key are', () => {
    const input = rowsOf(2, 3, 8, [[1, 2, 4, 1]]);
    const grid = gridFor(input, 120, 40, 16);
    assert.deepEqual([grid.pitch, grid.strip, grid.bins], [{ x: 40, y: 20 }, { width: 38, height: 18 }, 8]);
    const paths = named(checked(element('svg', {}, thumbnails(input, grid))), 'path');
    const [ground, full] = paths;
    assert.equal(paths.length, 2);
    assert.equal(ground!.attributes.d!.match(/M/g)!.length, 6);
    assert.deepEqual([full!.attributes.d, full!.attributes.opacity], ['M99 29h4.75', '1']);
  });

  test('draw smaller weights fainter', () => {
    const opacity = (weight: number) => {
      const input = rowsOf(1, 1, 4, [[0, 0, 1, weight]]);
      return Number(
        named(checked(element('svg', {}, thumbnails(input, gridFor(input, 40, 20, 16)))), 'path')[1]
          ?.attributes.opacity ?? 0,
      );
    };
    const shown = [0, 0.001, 0.03, 0.2, 0.6, 1].map(opacity);
    assert.deepEqual(shown, [0, 0, 0.17, 0.5, 0.83, 1]);
  });
});

describe('the card', () => {
  test('is well-formed with any texts', () => {
    const next = fc.array(
      fc.record({
        text: anyText,
        probability: fc.double({ min: 0, max: 1, noNaN: true }),
        probabilityText: anyText,
      }),
      { maxLength: 7 },
    );
    fc.assert(
      fc.property(anyText, next, anyText, (title, next, fontFamily) => {
        const cards = drawCards(cardInput({ title, caption: title, nextTitle: title, next, fontFamily }));
        for (const { layout, ink, heat } of cards) {
          checked(ink);
          if (layout === 'line') assert.equal(heat, '');
          else {
            const bars = Math.min(layout === 'low' ? 2 : 5, next.length);
            assert.equal(named(checked(heat), 'rect').length, bars);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('is never wider than 420 pixels nor higher than 240; the narrow one than 230 and 360, the low one is at most 200', () => {
    for (const [layers, heads] of [
      [0, 0],
      [1, 1],
      [4, 6],
      [12, 12],
      [24, 16],
      [36, 20],
      [48, 25],
    ] as const) {
      const [wide, narrow, low, line] = drawCards(cardInput(rowsOf(layers, heads, 64)));
      const isWithin = (card: typeof wide, width: number, height: number) =>
        card!.width <= width && card!.height <= height && card!.height >= 80;
      assert.ok(isWithin(wide, 420, 240), `${layers} × ${heads}: ${wide!.height}`);
      assert.ok(isWithin(narrow, 230, 360), `${layers} × ${heads}: ${narrow!.height}`);
      assert.ok(
        isWithin(low, 420, 200) && low!.height <= wide!.height,
        `${layers} × ${heads}: ${low!.height}`,
      );
      assert.deepEqual([line!.width, line!.height], [420, 20]);
    }
  });

  test('stays small when no two neighbours are equal', () => {
    const noise = (layers: number, heads: number) => {
      const input = rowsOf(layers, heads, 1024);
      input.rows.forEach((_, i, rows) => {
        rows[i] = ((i * 2654435761) % 4096) / 4096 / (1 + (i % 128));
      });
      return JSON.stringify(cardLayers(drawCards(cardInput(input)), 40)).length;
    };
    const [usual, large] = [noise(12, 12), noise(48, 25)];
    assert.ok(usual < 120_000 && large < 340_000, `${usual} ${large}`);
  });

  test('is the same for the same input', () => {
    const input = cardInput(rowsOf(4, 6, 32, [[2, 3, 4, 0.5]]));
    assert.deepEqual(drawCards(input), drawCards(structuredClone(input)));
  });

  test('shows the layers, the heads and the next tokens with their chances', () => {
    const shown = texts(drawCard(cardInput(), 'wide').ink);
    assert.deepEqual(shown, [
      'Attention of " Paris"',
      ...['0', '1', '2', '3'],
      ...['0', '1', '2', '3', '4', '5'],
      'Expected next',
      ...['" Paris"', '50%', '" the"', '12.5%'],
      'Layers × heads',
    ]);
    const bars = named(parseXml(drawCard(cardInput(), 'wide').heat), 'rect').map((bar) =>
      numberOf(bar, 'width'),
    );
    assert.equal(bars[0], 4 * bars[1]!);
  });

  test('frames the chosen head, and no other', () => {
    const frames = (chosen: CardInput['chosen']) =>
      named(parseXml(drawCard(cardInput({ chosen }), 'wide').ink), 'rect');
    assert.equal(frames(null).length, 0);
    const [frame, ...more] = frames({ layer: 2, head: 4 });
    assert.equal(more.length, 0);
    const weight = drawCard(cardInput(rowsOf(4, 6, 1, [[2, 4, 0, 1]])), 'wide');
    const [, x, y, width] = /^M([\d.]+) ([\d.]+)h([\d.]+)$/
      .exec(named(parseXml(weight.heat), 'path')[1]!.attributes.d!)!
      .map(Number);
    const [left, top] = [numberOf(frame!, 'x'), numberOf(frame!, 'y')];
    assert.ok(left < x! && left + numberOf(frame!, 'width') > x! + width!);
    assert.ok(top < y! && top + numberOf(frame!, 'height') > y!);
  });

  test('has the same content when it is narrow, with the next tokens below the thumbnails and a wrapped caption', () => {
    const caption = 'Layers × heads: what each attends to from here';
    const [wide, narrow] = drawCards(cardInput({ caption }));
    assert.deepEqual(texts(wide!.ink).slice(0, -1), texts(narrow!.ink).slice(0, -2));
    assert.deepEqual(texts(narrow!.ink).slice(-2), ['Layers × heads: what each attends', 'to from here']);
    const places = (svg: string) => named(parseXml(svg), 'g').map(({ attributes }) => attributes.transform);
    const [grid, next] = places(narrow!.heat).map((one) => one!.match(/[\d.]+/g)!.map(Number));
    assert.ok(next![1]! > grid![1]! + 4 * 20 && next![0]! < grid![0]!, `${grid} ${next}`);
    assert.ok(narrow!.width < wide!.width && narrow!.height > wide!.height);
  });

  test('takes its colours from the theme', () => {
    const written = cssOf(cardLayers(drawCards(cardInput()), 40)).join();
    for (const colour of [
      'editorHoverWidget-background',
      'editorHoverWidget-foreground',
      'whytoken-attentionBorder',
    ])
      assert.ok(written.includes(`var(--vscode-${colour})`), colour);
    assert.doesNotMatch(
      withoutPictures(written) + picturesIn(written).join(),
      /#(?!000\b)[\da-f]{3,}|rgb|hsl/,
    );
  });
});

describe('the columns near the query', () => {
  test('are those of the longest line, with tabs and wide characters as they are drawn', () => {
    assert.equal(columnsOf('\tab\tc', 4), 9);
    assert.equal(columnsOf('北京', 4), 4);
    const lines = ['x'.repeat(90), ...Array<string>(40).fill('four'), 'x'.repeat(50)];
    const document = { lineCount: lines.length, lineAt: (line: number) => ({ text: lines[line]! }) };
    const near = (line: number) =>
      columnsNear(
        { document, options: { tabSize: 4 } } as never,
        { start: { line }, end: { line } } as never,
      );
    assert.ok(near(3) >= 90 && near(3) < 100);
    assert.ok(near(35) >= 50 && near(35) < 60);
  });
});

describe('underbars and frames', () => {
  test('are thicker for a stronger level, solid for one sign and dashed for the other', () => {
    const css = (level: number) => String(underbar(level, 'whytoken.forBorder').backgroundColor);
    const thickness = (level: number) => Number(/ (\d)px no-repeat/.exec(css(level))![1]);
    const steps = Array.from({ length: levels }, (_, i) => thickness(i + 1));
    assert.deepEqual(steps, [1, 2, 2, 3, 3, 4, 4]);
    assert.deepEqual(
      steps,
      Array.from({ length: levels }, (_, i) => thickness(-i - 1)),
    );
    assert.match(css(3), / linear-gradient\(var\(--vscode-whytoken-forBorder\)/);
    assert.match(
      css(-3),
      / repeating-linear-gradient\(90deg, var\(--vscode-whytoken-forBorder\) 0 4px, transparent/,
    );
  });

  test('differ in more than colour', () => {
    assert.match(
      String(ring('whytoken.attentionBorder').backgroundColor),
      /box-shadow: 0 0 0 2px var\(--vscode-whytoken-attentionBorder\)/,
    );
    assert.match(
      String(outline('whytoken.forBorder').backgroundColor),
      /outline: 2px dashed var\(--vscode-whytoken-forBorder\)/,
    );
  });
});

describe('charts', () => {
  test('draw positive scores to the right of the axis and negative ones to the left', () => {
    const scores = [3, -1.5, 0];
    const [pro, contra, none] = scores.map((score) => named(checked(scoreBar(score, scores)), 'rect'));
    const zero = numberOf(pro![1]!, 'x') + 0.5;
    for (const [, axis] of [contra!, none!]) assert.equal(numberOf(axis!, 'x') + 0.5, zero);
    assert.ok(Math.abs(numberOf(pro![0]!, 'x') - zero) < 0.02);
    assert.ok(Math.abs(numberOf(pro![0]!, 'width') - 2 * numberOf(contra![0]!, 'width')) < 0.02);
    assert.ok(Math.abs(numberOf(contra![0]!, 'x') + numberOf(contra![0]!, 'width') - zero) < 0.02);
    assert.equal(numberOf(none![0]!, 'width'), 0);
    assert.notEqual(pro![0]!.attributes.fill, contra![0]!.attributes.fill);
  });

  test('keep every bar in the picture', () => {
    const scores = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(scores, (all) => {
        for (const score of all) {
          const [bar, axis] = named(checked(scoreBar(score, all)), 'rect');
          assert.ok(numberOf(bar!, 'x') >= -0.01 && numberOf(bar!, 'x') + numberOf(bar!, 'width') <= 120.01);
          assert.ok(numberOf(axis!, 'x') >= 0 && numberOf(axis!, 'x') <= 119);
        }
      }),
      { numRuns: 200 },
    );
  });
});
