import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseArguments } from '../../src/cli/arguments.ts';
import { options } from '../../src/cli/options.ts';
import { UsageError } from '../../src/cli/usageError.ts';
import { verbs } from '../../src/cli/verbs.ts';

const parse = (...args: string[]) =>
  parseArguments(args, { ...verbs, bare: { options: ['seed'], argument: null } });

function rejects(message: RegExp, ...args: string[]): void {
  assert.throws(
    () => parse(...args),
    (error) => error instanceof UsageError && message.test(error.message) && !error.message.includes('\n'),
  );
}

describe('parseArguments', () => {
  test('takes the verb, options in any place, and the text', () => {
    assert.deepEqual(parse('--json', 'explain', '--target', ' Paris', 'The capital', '--steps=auto'), {
      kind: 'run',
      verb: 'explain',
      values: { json: '', target: ' Paris', steps: 'auto' },
      text: 'The capital',
      dash: false,
    });
  });

  test('leaves the text to standard input without one, and for a dash', () => {
    assert.deepEqual(parse('score'), { kind: 'run', verb: 'score', values: {}, text: null, dash: false });
    assert.deepEqual(parse('score', '-'), { kind: 'run', verb: 'score', values: {}, text: null, dash: true });
  });

  test('takes what stands after -- for text, and an empty argument for an empty text', () => {
    const text = (...args: string[]) => {
      const parsed = parse('score', ...args);
      return parsed.kind === 'run' ? parsed.text : undefined;
    };
    assert.equal(text('--', '--seed'), '--seed');
    assert.equal(text('--', '-'), '-');
    assert.equal(text(''), '');
  });

  test('lets a value begin with a dash, and the last one of several win', () => {
    const parsed = parse('explain', '--seed', '-1', '--target=-', '--target', '--', 'x');
    assert.ok(parsed.kind === 'run');
    assert.deepEqual(parsed.values, { seed: '-1', target: '--' });
  });

  test('names what is wrong', () => {
    rejects(/^There is no option --foo\./, 'explain', '--foo', 'x');
    rejects(/^There is no option -x\./, 'explain', '-x');
    rejects(/^There is no option --no-json\./, 'explain', '--no-json', 'x');
    rejects(/^There is no option --__proto__\./, 'explain', '--__proto__', 'x');
    rejects(/^--seed has no value\. Write --seed N\./, 'explain', 'x', '--seed');
    rejects(/^--json takes no value\./, 'explain', '--json=true', 'x');
    rejects(/^--head is not an option of score, only of attention\./, 'score', '--head', '1', 'x');
    rejects(/^--layer is not an option of explain, only of attention\./, 'explain', '--layer', '1', 'x');
    rejects(/^"b" comes after the text\./, 'score', 'a', 'b');
    rejects(/^bare takes no text\. Leave "a" out\./, 'bare', 'a');
    rejects(/^There is no verb "explian"\. Use one of explain, score, generate, attention/, 'explian', 'x');
    rejects(/^There is no verb "constructor"/, 'constructor', 'x');
    rejects(/^There is no verb "explian"/, 'explian', '--foo', 'x');
    rejects(/^There is no verb "explian"/, 'explian', 'x', '--seed');
    rejects(/^There is no verb "explian"/, 'explian', '--json=true', 'x');
    rejects(/^There is no option --foo\./, '--foo', 'explian', 'x');
    rejects(/^No verb was given\. Begin with one of explain,/);
  });

  test('helps, whatever else is there', () => {
    assert.deepEqual(parse('--help'), { kind: 'help', verb: null });
    assert.deepEqual(parse('score', '-h', '--head', '1'), { kind: 'help', verb: 'score' });
    assert.deepEqual(parse('--version'), { kind: 'version' });
  });

  test('ends in a result or a UsageError for any arguments, and keeps texts and values as they are', () => {
    const flag = fc.constantFrom(...Object.keys(options)).map((name) => `--${name}`);
    const word = fc.oneof(
      flag,
      fc.string({ unit: 'binary' }),
      fc.constantFrom('explain', 'score', '-', '--'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (args) => {
        try {
          const parsed = parse(...args);
          if (parsed.kind !== 'run') return;
          const given = [parsed.text ?? '', ...Object.values(parsed.values)];
          for (const value of given) assert.ok(value === '' || args.some((arg) => arg.endsWith(value)));
        } catch (error) {
          assert.ok(error instanceof UsageError, `${error}`);
        }
      }),
    );
  });
});
