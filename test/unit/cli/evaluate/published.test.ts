import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseCsv } from '../../../../src/cli/evaluate/csv.ts';
import { parseExamples, readExamples } from '../../../../src/cli/evaluate/examples.ts';
import { parseCsvExamples } from '../../../../src/cli/evaluate/published.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

/** As they are published: with what else they have. */
const blimp = (good: string, bad: string) =>
  JSON.stringify({
    ...{ sentence_good: good, sentence_bad: bad, field: 'morphology', UID: 'made_up', pairID: '0' },
    ...{ simple_LM_method: true, one_prefix_method: true, two_prefix_method: false },
  });

describe('lines of BLiMP', () => {
  test('are what both sentences begin with, and the word that each has next', () => {
    const lines = [
      blimp('These casseroles disgust Kayla.', 'These casseroles disgusts Kayla.'),
      blimp('Many girls insulted themselves.', 'Many girls insulted herself.'),
    ];
    assert.deepEqual(parseExamples(lines.join('\n'), 'x'), [
      { text: 'These casseroles', target: ' disgust', foil: ' disgusts' },
      { text: 'Many girls insulted', target: ' themselves', foil: ' herself' },
    ]);
  });

  test('that cannot be used are named', () => {
    const wrong = {
      [blimp('Aaron broke it.', 'It broke Aaron.')]:
        /^Line 2 of x .*differ from their first word on: made_up/,
      [blimp('The same.', 'The same.')]: /Line 2 .*no word that differs/,
      '{"sentence_good":"A b."}': /Line 2 .*"sentence_bad"/,
      '{"sentence_good":5,"sentence_bad":"A"}': /Line 2 .*string/,
    };
    for (const [line, message] of Object.entries(wrong))
      assert.throws(() => parseExamples(`{"text":"fine"}\n${line}`, 'x'), { name: 'UsageError', message });
  });
});

describe('a CSV of minimal pairs', () => {
  test('has its columns in any order, others besides, words or ranges as evidence', (t) => {
    const file = path.join(temporaryFolder(t), 'pairs.CSV');
    writeFileSync(
      file,
      [
        '\ufeffid,Target,foil,prefix,evidence',
        '1,are,is,The keys to the cabinet,keys',
        '2,are,,"The ""old"" keys, here ",old; 10-14',
        '',
        '3,!,.,Oh,',
        '4,x,,The a-b (c)? d,a-b (c)?',
      ].join('\r\n'),
    );
    assert.deepEqual(readExamples(file), [
      { text: 'The keys to the cabinet', target: ' are', foil: ' is', evidence: [[4, 8]] },
      {
        ...{ text: 'The "old" keys, here', target: ' are' },
        evidence: [
          [5, 8],
          [10, 14],
        ],
      },
      { text: 'Oh', target: '!', foil: '.' },
      { text: 'The a-b (c)? d', target: ' x', evidence: [[4, 12]] },
    ]);
  });

  test('what is wrong is named with its column or line', () => {
    const wrong = {
      'target,foil\nare,is': /^pairs\.csv has no column prefix\. .* prefix,target,foil,evidence/,
      'prefix,foil\nThe,is': /has no column target/,
      'prefix,target,target\na,b,c': /has the column target 2 times/,
      'prefix,target\nThe keys': /^Line 2 of pairs\.csv .*it has 1 cells, and the first line 2/,
      'prefix,target\nThe,are\n"The keys,are': /^Line 3 of .*quotation mark/,
      'prefix,target\nThe "keys",are': /^Line 2 of .*quotation mark/,
      'prefix,target\n,are': /Line 2 .*prefix is empty/,
      'prefix,target\n"a\nb",are\nThe, ': /Line 4 .*target is empty/,
      'prefix,target,evidence\nThe keys,are,lock': /Line 2 .*"lock" is not in the prefix/,
      'prefix,target,evidence\nThe keys,are,key': /"key" is not in the prefix/,
      'prefix,target,evidence\nthe keys of the,are,the':
        /"the" is in the prefix 2 times: give its range, like 0-3/,
      'prefix,target,evidence\nThe keys,are,4-9': /4-9 is no range of the prefix, which has 8 units/,
      'prefix,target': /^pairs\.csv has no examples/,
      '': /has no column prefix/,
    };
    for (const [content, message] of Object.entries(wrong))
      assert.throws(() => parseCsvExamples(content, 'pairs.csv'), { name: 'UsageError', message }, content);
  });

  test('any cells come back as they were written', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (table) => {
        const written = table.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join());
        assert.deepEqual(
          parseCsv(written.join('\r\n')).rows.map(({ cells }) => cells),
          table,
        );
      }),
    );
  });
});
