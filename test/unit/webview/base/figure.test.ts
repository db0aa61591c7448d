/** What is exported besides pictures: tables and pages that do no harm where they are opened. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { asCsv, asMarkdown, exports, type Figure } from '../../../../webview/base/figure.ts';

const figure = (
  rows: Figure['table'] extends () => infer T ? T : never,
  more: Partial<Figure> = {},
): Figure => ({
  title: 'A title',
  scene: () => ({ width: 10, height: 10, background: '#fff', shapes: [] }),
  table: () => rows,
  facts: [],
  json: () => null,
  ...more,
});

/** RFC 4180, section 2, by the letter. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let [row, at]: [string[], number] = [[], 0];
  while (at < text.length) {
    let cell: string;
    if (text[at] === '"') {
      const quoted = /^"((?:[^"]|"")*)"/.exec(text.slice(at));
      assert.ok(quoted, `a quote at ${at} that does not end`);
      cell = quoted[1]!.replaceAll('""', '"');
      at += quoted[0].length;
    } else {
      cell = /^[^",\r\n]*/.exec(text.slice(at))![0];
      at += cell.length;
    }
    row.push(cell);
    if (text[at] === ',') {
      at += 1;
      continue;
    }
    assert.equal(text.slice(at, at + 2), '\r\n', `at ${at} of ${JSON.stringify(text)}`);
    at += 2;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('CSV', () => {
  test('is RFC 4180: whatever is in a cell is read back', () => {
    const cell = fc.string({ unit: fc.constantFrom(...'ab",\r\n\t =+-@;é') });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
        const read = parseCsv(asCsv({ columns: ['a', 'b'], rows }));
        const safe = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
        assert.deepEqual(read, [['a', 'b'], ...rows.map((row) => row.map(safe))]);
      }),
    );
  });

  test('a spreadsheet takes no text for a formula; numbers stay numbers, and missing values stay empty', () => {
    const formulas = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(A1)',
      '\t=1',
      '\r=1',
      '＝1+1',
      '＋1',
      '－1',
      '＠SUM(A1)',
      '=HYPERLINK("http://x","y")',
    ];
    const csv = asCsv({
      columns: ['=text', 'n', 'none'],
      rows: formulas.map((text) => [text, -1.5e-7, null]),
    });
    for (const [text, number, none] of parseCsv(csv).slice(1)) {
      assert.match(text!, /^'/);
      assert.equal(Number(number), -1.5e-7);
      assert.equal(none, '');
    }
    assert.equal(parseCsv(csv)[0]![0], "'=text");
  });
});

describe('Markdown', () => {
  test('a table has one line per row, whatever is in the cells', () => {
    const text = asMarkdown(
      figure(
        {
          columns: ['a|b', 'n'],
          rows: [
            ['x\ny', 1],
            ['\\|', null],
            ['a\r\nb\u2028c', 2],
          ],
        },
        { title: 'one\ntwo', facts: [['fact', 'a\nb']] },
      ),
    );
    const lines = text.split('\n');
    assert.equal(lines[0], '## one two');
    assert.equal(lines.filter((line) => line.startsWith('|')).length, 5);
    for (const line of lines.filter((one) => one.startsWith('|'))) {
      // Three bars that are not escaped: two cells.
      assert.equal(line.replaceAll(/\\./gs, '').match(/\|/g)?.length, 3, line);
    }
    assert.ok(lines.includes('- fact: a b'));
  });

  test('has the text of a coloured picture, with what its marks mean', () => {
    const marked = () => ({ html: '<p>The <b>capital</b></p>', notes: ['Bold: a*b'] });
    const lines = asMarkdown(figure({ columns: ['t'], rows: [] }, { marked })).split('\n');
    assert.deepEqual(lines.slice(0, 6), [
      '## A title',
      '',
      '<p>The <b>capital</b></p>',
      '',
      '- Bold: a\\*b',
      '',
    ]);
  });

  test('marks of Markdown and HTML in a cell are text', () => {
    const text = asMarkdown(
      figure({ columns: ['t'], rows: [['**b** _i_ `c` [l](http://x) <img src=x> ~s~ #h &amp; \\']] }),
    );
    const row = text.split('\n')[4]!;
    assert.equal(
      row,
      '| \\*\\*b\\*\\* \\_i\\_ \\`c\\` \\[l\\](http://x) \\<img src=x\\> \\~s\\~ \\#h \\&amp; \\\\ |',
    );
  });
});

describe('HTML', () => {
  const hostile = '<script src="http://evil.test/x.js"></script><img src=http://evil.test>"&';

  test('has no script, link or anything from elsewhere, and says so to the browser', async () => {
    const html = await exports.html(
      figure(
        { columns: [hostile], rows: [[hostile]] },
        { title: hostile, notes: [hostile], facts: [[hostile, hostile]] },
      ),
    );
    const tags = [...html.matchAll(/<([a-z][a-z\d]*)([^<>]*)>/g)].map(([, name, attributes]) => ({
      name,
      attributes,
    }));
    const allowed = /^(html|head|meta|title|style|body|h1|p|svg|rect|table|thead|tbody|tr|th|td|dl|dt|dd)$/;
    for (const { name, attributes } of tags) {
      assert.match(name!, allowed);
      assert.ok(!/\b(src|href|on\w+)=/.test(attributes!.replaceAll(/"[^"]*"/g, '""')), attributes);
    }
    assert.match(html, /http-equiv="Content-Security-Policy" content="default-src 'none'/);
    assert.equal(html.match(/evil\.test/g)?.length, 14);
    assert.ok(!html.includes('<script'));
  });
});

describe('JSON', () => {
  test('has typed arrays as lists, and null for what is not known', async () => {
    const json = () => ({
      values: Float32Array.of(0.5, Number.NaN, -2),
      ids: Int32Array.of(1, 2),
      text: '"',
    });
    assert.deepEqual(JSON.parse(await exports.json(figure({ columns: [], rows: [] }, { json }))), {
      ...{ values: [0.5, null, -2], ids: [1, 2], text: '"' },
    });
  });
});
