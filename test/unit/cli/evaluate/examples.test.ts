import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExamples, readExamples, readSuite } from '../../../../src/cli/evaluate/examples.ts';
import { suiteNames } from '../../../../src/cli/options.ts';

test('lines of JSON, empty ones left out; what is left out of a line is the model’s own choice', () => {
  const lines = ['{"text":"a b"}', '', '{"text":"c","target":" d","foil":" e","evidence":[[0,1]]}'];
  assert.deepEqual(parseExamples(lines.join('\r\n'), 'x'), [
    { text: 'a b' },
    { text: 'c', target: ' d', foil: ' e', evidence: [[0, 1]] },
  ]);
});

test('what is wrong is named with its line, and what a line looks like', () => {
  const wrong = {
    '{"text":': /^Line 2 of \S+ is no example: /,
    '{"text":""}': /Line 2 /,
    '{"texts":"a"}': /Line 2 .*"text"/,
    '{"text":"a","target":5}': /Line 2 .*string/i,
    '{"text":"abc","evidence":[[2,2]]}': /the evidence 2–2 is no range of the text, which has 3 units/,
    '{"text":"abc","evidence":[[1,4]]}': /1–4/,
    '{"text":"abc","evidence":[[-1,1]]}': /Line 2 /,
    '[]': /Line 2 /,
    '"\u202e\u001b[31m': /^Line 2 [ -~…“”]*$/,
  };
  for (const [line, message] of Object.entries(wrong)) {
    assert.throws(() => parseExamples(`{"text":"fine"}\n${line}\n`, 'file.jsonl'), {
      name: 'UsageError',
      message,
    });
  }
  assert.throws(() => parseExamples('\n\n', 'file.jsonl'), { message: 'file.jsonl has no examples.' });
  assert.throws(() => readExamples('/nowhere/at/all'), /cannot be read/);
  assert.throws(() => readSuite('none'), /There is no suite "none"\. Use agreement, /);
});

test('every suite has enough examples, each with its evidence in the text before the target', () => {
  for (const name of suiteNames) {
    const examples = readSuite(name);
    assert.ok(examples.length >= 100, `${name}: ${examples.length}`);
    for (const { text, target, foil, evidence } of examples) {
      assert.ok(target && foil && target !== foil);
      const [[start, end]] = evidence as [[number, number]];
      const said = text.slice(start, end);
      if (name === 'induction' || name === 'ioi') assert.equal(said, target);
      else assert.notEqual(said, target);
    }
  }
});
