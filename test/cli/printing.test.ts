import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { attentionJson } from '../../src/cli/json.ts';
import { printAttention } from '../../src/cli/print/attention.ts';
import { bar } from '../../src/cli/print/bar.ts';
import { printExplanation } from '../../src/cli/print/explanation.ts';
import { printScores } from '../../src/cli/print/scores.ts';
import { clip } from '../../src/cli/terminal/columns.ts';
import { Flow } from '../../src/cli/terminal/flow.ts';
import { ProgressLine } from '../../src/cli/terminal/progressLine.ts';
import type { AttentionMaps, Explanation, Receipt, Scores, TokenScore } from '../../src/protocol/results.ts';

const page = (level: 0 | 3, width = 80) => ({ chalk: new Chalk({ level }), hasColours: level > 0, width });

const receipt: Receipt = {
  ...{ whytoken: '1', model: { name: 'm', sha256: '' }, textSha256: '', bos: false },
  ...{ droppedTokens: 0, milliseconds: 5 },
};

/** Everything but text and colours: no escape sequence of a token, no bidirectional control, no bell. */
function assertHarmless(output: string): void {
  assert.doesNotMatch(stripVTControlCharacters(output), /[^\P{C}\n]/u);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only what chalk writes is allowed.
  assert.equal(output.replace(/\u001b\[[\d;]*m/g, ''), stripVTControlCharacters(output));
}

const hostile = '\u001b[2J\u001b]0;title\u0007\u202e\u009b31m\r';

describe('Flow', () => {
  const words = fc.array(
    fc.oneof(fc.constantFrom(' the', '你好', '\n', '😀', '\t', 'é'), fc.string({ unit: 'binary' })),
  );

  test('keeps to the width and leaves no character out', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 2, max: 20 }), (pieces, width) => {
        const flow = new Flow(width);
        for (const piece of pieces) flow.add(piece, (text) => text);
        const lines = flow.toString().split('\n');
        for (const line of lines) assert.ok(stringWidth(line) <= width, JSON.stringify(line));
        const plain = pieces.join('').replace(/[\p{C}\u2028\u2029 ]/gu, '');
        const shown = lines.join('').replace(/‹U\+[0-9A-F]+›|[↵␍⇥\p{C} ]/gu, '');
        assert.equal(shown, plain.replace(/‹U\+[0-9A-F]+›|[↵␍⇥]/gu, ''));
      }),
    );
  });

  test('breaks between pieces, and after a line break', () => {
    const flow = new Flow(10);
    for (const piece of ['The', ' capital', ' of\n', 'x']) flow.add(piece, (text) => `[${text}]`);
    assert.equal(flow.toString(), '[The]\n[ capital]\n[ of↵]\n[x]');
  });
});

describe('columns', () => {
  test('are two for a Chinese character', () => {
    assert.equal(clip('你好世界', 8), '你好世界');
    assert.equal(clip('你好世界', 7), '你好世…');
    assert.equal(clip('你好世界', 6), '你好…');
  });

  test('of a bar show sign and size', () => {
    assert.equal(bar(1, 9, true), '    │████');
    assert.equal(bar(-0.375, 9, true), '  ▐█│');
    assert.equal(bar(0, 9, true), '    │');
    assert.equal(bar(0.5, 9, false), '│████');
  });
});

describe('progress', () => {
  const written = (isTTY: boolean, textIsShown = false) => {
    const output: string[] = [];
    const stream = { isTTY, write: (text: string) => output.push(text) } as unknown as WriteStream;
    const line = new ProgressLine(stream, textIsShown);
    line.show({ stage: 'loading', done: 0, total: null });
    line.show({ stage: 'generating', done: 1, total: 2 });
    line.clear();
    return output.join('');
  };

  test('is one line that is gone at the end, on a terminal only', () => {
    assert.equal(written(true), '\r\u001b[KLoading the model …\r\u001b[K');
    assert.equal(written(false), '');
  });

  test('disappears when generated text is shown', () => {
    assert.equal(written(true, true), '\r\u001b[KLoading the model …\r\u001b[K');
  });
});

describe('an explanation', () => {
  const text = `The capital ${hostile} is`;
  const token = (piece: string, start: number, score: number) => ({
    ...{ id: 1, text: piece, start, end: start + piece.length, score },
  });
  const split = 12 + hostile.length;
  const explanation: Explanation = {
    receipt: {
      ...receipt,
      ...{
        method: 'integrated-gradients',
        objective: 'contrast',
        baseline: 'zero',
        steps: 'auto',
        tolerance: 0.01,
      },
      ...{ seed: 0, range: { start: 0, end: text.length }, target: 1, foil: [2], at: 4 },
    },
    tokens: [
      token('The', 0, 0.5),
      token(' capital ', 3, -2),
      token(hostile, 12, 0.25),
      token(' is', split, 1),
    ],
    target: { id: 1, text: ` Paris${hostile}`, position: 4, span: null, probability: 0.41 },
    foil: { id: 2, ids: [2], text: ' the', probability: 0.12 },
    ...{ value: 1, baselineValue: 1.25, delta: 0.001, evaluations: 33, layers: null, refining: false },
    next: [{ id: 1, text: hostile, probability: 0.41, logit: 3 }],
  };
  const shown = { explanation, text, first: 7, predictedAt: text.length };

  test('says in numbers what the colours say', () => {
    const lines = printExplanation(shown, page(0)).split('\n');
    assert.match(lines[0] ?? '', /^Why " Paris.*" \(41%\) and not " the" \(12%\)\?$/);
    assert.match(lines[2] ?? '', /^ {4}8 " capital " +-2\.00 {3}53% █+│$/);
    assert.match(lines[3] ?? '', /^ {3}10 " is" +\+1\.00 {3}27% +│█+▌$/);
    assert.ok(
      lines.includes('f(x) = 1.00 · f(x′) = 1.25 · Σ = -0.250 · δ = +0.00100 (0.4%) · in nats of logit'),
      lines.join('\n'),
    );
    assert.ok(lines.includes('integrated-gradients, contrast, baseline zero · 33 evaluations · m · 5 ms'));
  });

  test('names the options that differ from their defaults, and the seed of an estimate', () => {
    const line = (asked: object, standardError?: number) => {
      const { steps: _, tolerance: __, ...common } = { steps: 0, tolerance: 0, ...explanation.receipt };
      const estimated = explanation.tokens.map((one) => ({
        ...one,
        ...(standardError !== undefined && { standardError }),
      }));
      const told = { ...explanation, receipt: { ...common, ...asked } as never, tokens: estimated };
      const lines = printExplanation({ ...shown, explanation: told }, page(0)).split('\n');
      return lines.find((one) => one.includes('evaluations'))?.split(' · ')[0];
    };
    const occlusion = { method: 'occlusion', removal: 'mask', seed: 0 };
    assert.equal(line(occlusion), 'occlusion, contrast, baseline zero, removal mask');
    assert.equal(line({ ...occlusion, removal: 'baseline' }), 'occlusion, contrast, baseline zero');
    const refilled = 'occlusion, contrast, baseline zero, removal refill, seed 0';
    assert.equal(line({ ...occlusion, removal: 'refill' }, 0.5), refilled);
    const fixed = { method: 'integrated-gradients', steps: 20, tolerance: 0.01 };
    assert.equal(line(fixed), 'integrated-gradients, contrast, baseline zero, steps 20');
  });

  test('has no escape sequence without colours, and only its own with them', () => {
    const plain = printExplanation(shown, page(0));
    assert.equal(plain, stripVTControlCharacters(plain));
    assertHarmless(plain);
    const coloured = printExplanation(shown, page(3));
    assert.notEqual(coloured, stripVTControlCharacters(coloured));
    assertHarmless(coloured);
  });

  test('paints positive tokens blue, and negative ones orange and underlined', () => {
    const coloured = printExplanation(shown, page(3));
    const styles = (piece: string) => {
      const at = coloured.indexOf(piece, coloured.indexOf('\n'));
      return coloured.slice(coloured.lastIndexOf('\u001b[48;2;', at), at);
    };
    const [, red, green, blue] = /48;2;(\d+);(\d+);(\d+)/.exec(styles(' is')) ?? [];
    assert.ok(Number(blue) > Number(red) && Number(blue) > Number(green));
    assert.ok(!styles(' is').includes('\u001b[4m'));
    const [, againstRed, , againstBlue] = /48;2;(\d+);(\d+);(\d+)/.exec(styles(' capital ')) ?? [];
    assert.ok(Number(againstRed) > Number(againstBlue));
    assert.ok(styles(' capital ').includes('\u001b[4m'));
  });

  test('marks a predicted token inside the text, and shows no direction where there is none', () => {
    const inside = {
      ...shown,
      predictedAt: 12,
      explanation: {
        ...explanation,
        receipt: { ...explanation.receipt, method: 'gradient-norm' as const },
        ...{ delta: null, foil: null },
        target: { ...explanation.target, text: ' Paris', position: 9 },
      },
    };
    const lines = stripVTControlCharacters(printExplanation(inside, page(3))).split('\n');
    assert.equal(lines[0], 'Why " Paris" (41%) as token 9?');
    assert.match(lines.slice(2, 4).join(''), /^The capital {2}⟶ " Paris" ‹U\+001B›/);
    assert.ok(lines.some((line) => line.includes('this method has no direction')));
    assert.ok(
      lines.includes('This method’s contributions need not sum up to the difference that is explained.'),
    );
    assert.ok(!lines.some((line) => /^ +10 "/.test(line)), 'a token after the prediction is in the table');
  });
});

describe('scores', () => {
  const scored = (
    text: string,
    start: number,
    end: number,
    probability: number | null,
    rank = 1,
  ): TokenScore => ({
    ...{ id: 1, text, start, end, context: start, top: [{ id: 2, text: '\u001b[5m', probability: 0.5 }] },
    ...(probability === null
      ? { logProb: null, rank: null, entropy: null, wordEnd: null }
      : { logProb: Math.log(probability), rank, entropy: 1, wordEnd: -1 }),
  });
  const scores = (tokens: TokenScore[]): Scores => ({
    ...{ receipt, stride: null, tokens, next: [], wordEnd: -2 },
  });

  test('are averaged per token and per byte', () => {
    // 3 + 1 bits over 2 tokens, and over the 4 bytes of "bé!".
    const tokens = [scored('a', 0, 1, null), scored('bé', 1, 3, 1 / 8, 40), scored('!', 3, 4, 1 / 2)];
    const output = printScores(scores(tokens), 'abé!', page(0));
    assert.match(output, /^perplexity 4 · 2 bits per token · 1 bits per byte · over 2 predicted tokens$/m);
    assert.match(output, /^"bé" +3\.0 +40 +13% +"‹U\+001B›\[5m" 50%$/m);
  });

  test('leave a character that was begun without a prediction out of the bits per byte', () => {
    // 好 in two tokens of which only the second was predicted, then two bytes at 4 bits.
    const tokens = [
      scored('\ufffd', 0, 1, null),
      scored('\ufffd', 1, 1, 1 / 1024),
      scored('ab', 1, 3, 1 / 16),
    ];
    assert.match(printScores(scores(tokens), '好ab', page(0)), /· 2 bits per byte ·/);
  });

  test('say why there are none', () => {
    assert.match(
      printScores(scores([scored('a', 0, 1, null)]), 'a', page(0)),
      /^The first token has no probability: without BOS, .* See --bos\.$/m,
    );
  });

  test('are painted by rank: plain when expected, underlined beyond the first thousand', () => {
    const tokens = [
      scored('the', 0, 3, 1 / 2, 1),
      scored(' cat', 3, 7, 1 / 4, 2),
      scored(hostile, 7, 7 + hostile.length, 0.1, 5000),
    ];
    const output = printScores(scores(tokens), `the cat${hostile}`, page(3));
    assert.ok(output.startsWith('the\u001b[48;2;'), output);
    const beyond = output.slice(output.indexOf(' cat'), output.indexOf('title'));
    assert.ok(beyond.includes('\u001b[4m'));
    assertHarmless(output);
  });
});

describe('attention', () => {
  const names = ['The', ' capital', '\u001b[2J', ' 法国'];
  const tokens = names.map((text, index) => ({ id: index, text, start: index, end: index + 1 }));
  const rows = [
    [1, 0, 0, 0],
    [0.25, 0.75, 0, 0],
    [0.5, 0.25, 0.25, 0],
    [0.01, 0.09, 0.3, 0.6],
  ];
  const map = Float32Array.from(rows.flat());
  const maps = (layers: number[], heads: number[]): AttentionMaps => ({
    ...{ receipt, tokens, layers, heads, attention: layers.map(() => heads.map(() => map)) },
  });

  test('of one head is a map', () => {
    const output = printAttention(maps([2], [1]), page(0));
    assertHarmless(output);
    const cells = output.split('\n').map((line) => / ([█▓▒░·]+)$/.exec(line)?.[1]);
    assert.deepEqual(cells.filter(Boolean), ['██', '▒▒██', '▓▓▒▒▒▒', '··░░▓▓██']);
  });

  test('of many tokens is cut to the last ones that fit', () => {
    const count = 200;
    const many = Float32Array.from({ length: count * count }, () => 1 / count);
    const output = printAttention(
      {
        ...maps([0], [0]),
        tokens: Array.from({ length: count }, (_, start) => ({ id: 0, text: '你', start, end: start + 1 })),
        attention: [[many]],
      },
      page(0, 60),
    );
    for (const line of output.split('\n').slice(1)) assert.ok(stringWidth(line) <= 60, line);
    assert.match(output, /its last 36 tokens/);
  });

  test('of several heads is a table of where they look', () => {
    const lines = printAttention(maps([0, 2], [1]), page(0)).split('\n');
    // Itself (0.75 + 0.25 + 0.6) / 3, previous (0.25 + 0.25 + 0.3) / 3, first (0.5 + 0.01) / 3.
    assert.match(lines[1] ?? '', /^ +0 +1 +53% +27% +17% +3% +3 " 法国" 60%$/);
    assert.match(lines[2] ?? '', /^ +2 +1 /);
  });

  test('as JSON is [layer][head][query][key], whatever is left out', () => {
    const parse = (result: AttentionMaps) => JSON.parse([...attentionJson(result)].join(''));
    const exact = Array.from({ length: 4 }, (_, query) => Array.from(map.subarray(4 * query, 4 * query + 4)));
    assert.deepEqual(parse(maps([0, 2], [1])).attention, [[exact], [exact]]);
    assert.deepEqual(parse(maps([], [])).attention, []);
    assert.deepEqual(Object.keys(parse(maps([2], [1]))), [
      'receipt',
      'tokens',
      'layers',
      'heads',
      'attention',
    ]);
  });
});
