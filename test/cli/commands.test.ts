/** The real command line on random checkpoints: what goes in and what comes out. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { MethodOptionValues } from '../../src/protocol/methods.ts';
import type {
  AttentionMaps,
  Evidence,
  Explanation,
  Generation,
  Scores,
  ShownToken,
  TokenSpan,
} from '../../src/protocol/results.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { cli, json, randomModel, refused } from './support.ts';

/** The command line tells these three whichever the method is. */
type PrintedExplanation = Explanation & { receipt: Pick<MethodOptionValues, 'steps' | 'tolerance' | 'seed'> };

const text = 'The capital of France\tis 你好 😀';

const keys = (value: object) => Object.keys(value).sort();
/** Of a token, which has a name where its bytes are no text by themselves. */
function tokenKeys(token: TokenSpan | ShownToken): string[] {
  assert.equal(token.name !== undefined, token.text.includes('\ufffd'), JSON.stringify(token));
  return keys(token).filter((key) => key !== 'name' && key !== 'inside');
}
const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not within ${tolerance} of ${expected}`);

test('explain', async (t) => {
  const model = ['--model', randomModel(t)];
  const whole = await json<PrintedExplanation & { converged: boolean | null }>(['explain', ...model, text]);

  await t.test('has the stated shape and sums up', () => {
    assert.deepEqual(keys(whole), [
      ...['baselineValue', 'converged', 'delta', 'evaluations', 'foil', 'next', 'receipt', 'target'],
      ...['tokens', 'value'],
    ]);
    assert.equal(whole.converged, true);
    assert.deepEqual(tokenKeys(whole.tokens[0]!), ['end', 'id', 'score', 'start', 'text']);
    assert.deepEqual(tokenKeys(whole.next[0]!), ['id', 'logit', 'probability', 'text']);
    assert.equal(whole.target.position, whole.tokens.length);
    assert.equal(whole.target.id, whole.next[0]?.id);
    assert.equal(whole.foil?.id, whole.next[1]?.id);
    const starts = whole.tokens.map(({ start }) => start);
    assert.deepEqual(starts, [0, ...whole.tokens.map(({ end }) => end).slice(0, -1)]);
    assert.equal(whole.tokens.at(-1)?.end, text.length);
    const { method, objective, baseline, steps, tolerance, seed, bos } = whole.receipt;
    assert.deepEqual(
      [method, objective, baseline, steps, tolerance, seed, bos],
      ['integrated-gradients', 'contrast', 'zero', 'auto', 0.01, 0, false],
    );
    const sum = whole.tokens.reduce((total, { score }) => total + score, 0);
    near(sum - whole.delta!, whole.value - whole.baselineValue, 1e-6);
    near(whole.delta!, 0, 0.01 * Math.abs(whole.value - whole.baselineValue) + 1e-5);
  });

  await t.test('tells how far to believe it with --evidence', async () => {
    type Answer = PrintedExplanation & { evidence: Evidence };
    const { evidence, ...rest } = await json<Answer>(['explain', ...model, '--evidence', text]);
    assert.deepEqual(keys(rest), keys(whole));
    assert.deepEqual(
      evidence.removals.map(({ removal }) => removal),
      ['baseline', 'mask'],
    );
    for (const { lds, floor, ceiling, outOfDistribution, explanation } of evidence.removals) {
      assert.ok(lds && floor && ceiling && outOfDistribution);
      assert.equal(explanation.deletion.length, evidence.tokens);
    }
    near(evidence.value, whole.value, 1e-5);
    assert.ok(evidence.agreements.some(({ method }) => method === 'alti-logit'));
    assert.ok(evidence.agreements.some(({ baseline }) => baseline === 'eot'));
    const chosen = await json<Answer>([
      ...['explain', ...model, '--evidence', '--method', 'occlusion', '--removal', 'delete', text],
    ]);
    assert.deepEqual(
      chosen.evidence.removals.map(({ removal }) => removal),
      ['delete', 'baseline'],
    );
    const { stdout } = await cli(['explain', ...model, '--evidence', text]);
    assert.match(stdout, /^How far to believe it, on this text/m);
    assert.match(stdout, /^ {2}comprehensiveness +(-?\d+%|–) +\S+ {2}random \S+ ± \S+ {2}best \S+$/m);
    assert.match(
      stdout,
      /^ {2}LDS +-?[01]\.\d\d \(-?[01]\.\d\d to -?[01]\.\d\d\) {2}by chance below 0\.\d\d$/m,
    );
    assert.match(stdout, /changed inputs are out of distribution$/m);
    assert.match(stdout, /^ {2}deletion +[▁▂▃▄▅▆▇█]+ {2}random [▁▂▃▄▅▆▇█]+ {2}best [▁▂▃▄▅▆▇█]+$/m);
    assert.match(stdout, /^ {2}occlusion, zero embeddings +Spearman/m);
  });

  await t.test('reads the same text from standard input, every byte of it', async () => {
    const inputs = [['-'], []].map((args) =>
      json<PrintedExplanation>(['explain', ...model, ...args], { input: text }),
    );
    for (const { tokens, receipt } of await Promise.all(inputs)) {
      assert.deepEqual(
        tokens.map(({ id }) => id),
        whole.tokens.map(({ id }) => id),
      );
      assert.equal(receipt.textSha256, createHash('sha256').update(text).digest('hex'));
    }
    const odd = '\ufeff a\r\n\n';
    const { receipt } = await json<PrintedExplanation>(['explain', ...model, '--method', 'gradient-norm'], {
      input: odd,
    });
    assert.equal(receipt.textSha256, createHash('sha256').update(odd).digest('hex'));
  });

  await t.test('takes target, foil and position', async () => {
    const { target, foil, tokens } = await json<PrintedExplanation>([
      ...['explain', ...model, '--target', '#70', '--foil', ' the', '--at', '3', '--steps', '4', text],
    ]);
    assert.deepEqual([target.id, target.position, foil?.text], [70, 3, ' the']);
    assert.deepEqual(
      tokens.slice(3).filter(({ score }) => score !== 0),
      [],
    );
    assert.ok(tokens.slice(0, 3).every(({ score }) => score !== 0));
  });

  await t.test('takes a foil of several tokens', async () => {
    const { foil, receipt, value, target } = await json<PrintedExplanation>([
      ...['explain', ...model, '--foil', ' zebra crossing', '--steps', '4', text],
    ]);
    assert.ok((foil?.ids.length ?? 0) > 1);
    assert.deepEqual([foil?.text, receipt.foil], [' zebra crossing', foil?.ids]);
    near(value, Math.log(target.probability / foil!.probability), 1e-4);
    const { stdout } = await cli(['explain', ...model, '--foil', ' zebra crossing', '--steps', '4', text]);
    assert.match(stdout, /^Why ".+" \([^)]+%\) and not " zebra crossing" \([^)]+%\)\?\n/);
  });

  await t.test('takes method, objective, baseline, steps, seed and BOS', async () => {
    const { receipt, foil, delta, evaluations } = await json<PrintedExplanation>([
      ...['explain', ...model, '--method', 'occlusion', '--objective', 'log-prob', '--baseline', 'mean'],
      ...['--steps', '7', '--tolerance', '0.5', '--seed', '3', '--bos', text],
    ]);
    const { method, objective, baseline, steps, tolerance, seed, bos } = receipt;
    assert.deepEqual(
      [method, objective, baseline, steps, tolerance, seed, bos],
      ['occlusion', 'log-prob', 'mean', 7, 0.5, 3, true],
    );
    assert.deepEqual([foil, delta, evaluations], [null, null, whole.tokens.length + 2]);
  });

  await t.test('by SmoothGrad has its options and standard errors, and is reproducible', async () => {
    const smooth = ['explain', ...model, '--method', 'smoothgrad:input-x-gradient', '--samples', '5'];
    const first = await json<PrintedExplanation>([...smooth, '--sigma', '0.2', '--seed', '3', text]);
    const { method, samples, sigma, seed, steps } = first.receipt as PrintedExplanation['receipt'] &
      MethodOptionValues;
    assert.deepEqual(
      [method, samples, sigma, seed, steps],
      ['smoothgrad:input-x-gradient', 5, 0.2, 3, 'auto'],
    );
    assert.deepEqual([first.delta, first.evaluations], [null, 5 + 2]);
    assert.ok(first.tokens.every(({ standardError = 0 }) => standardError > 0));
    const scores = ({ tokens }: Explanation) => tokens.map(({ score }) => score);
    const again = await json<PrintedExplanation>([...smooth, '--sigma', '0.2', '--seed', '3', text]);
    for (const [token, score] of scores(again).entries()) near(score, scores(first)[token]!, 1e-5);
    const other = await json<PrintedExplanation>([...smooth, '--sigma', '0.2', '--seed', '4', text]);
    assert.ok(scores(other).some((score, token) => Math.abs(score - scores(first)[token]!) > 1e-4));
    const { stdout } = await cli([...smooth, text]);
    assert.match(stdout, /^ +\d+ ".+" +[+-][\d.e-]+ ± [\d.e-]+ +[\d.<>]+%/m);
  });

  await t.test('by segments has each one’s score, and its error', async () => {
    const lines = 'One thing.\nAnother thing.\nThe third';
    const segments = ['explain', ...model, '--method', 'segments'];
    const found = async (...options: string[]) => {
      const all = [...segments, ...options, lines];
      const answer = await json<PrintedExplanation>(all);
      const { segments: parts = [], tokens, fit } = answer;
      // So few have their exact values, which sum up.
      near(answer.delta ?? Number.NaN, 0, 1e-6);
      const sum = (some: readonly { score: number }[]) => some.reduce((total, { score }) => total + score, 0);
      near(sum(parts), sum(tokens), 1e-6);
      return { texts: parts.map(({ start, end }) => lines.slice(start, end)), fit };
    };
    const { texts, fit } = await found('--segments', 'lines');
    assert.deepEqual(texts, ['One thing.\n', 'Another thing.\n', 'The third']);
    assert.deepEqual([fit?.measure, fit?.masks], ['lds', 8]);
    const file = path.join(temporaryFolder(t), 'ranges.json');
    writeFileSync(file, '[[0, 10], [26, 29]]');
    assert.deepEqual((await found('--segments', file)).texts, ['One thing.', 'The']);
    writeFileSync(file, '[[0, 10], [5, 29]]');
    assert.match(
      await refused([...segments, '--segments', file, lines]),
      /such as \[\[0, 12\], \[12, 30\]\]\.$/,
    );
    assert.equal(
      await refused([...segments, '--segments', 'paragraphs', lines]),
      'whytoken: --segments paragraphs is none of sentences, lines, items and cannot be read as a file (ENOENT).',
    );
    const { stdout } = await cli([...segments, '--segments', 'lines', lines]);
    assert.match(stdout, /^ +\d+ "Another thing\..*" +[+-]/m);
    assert.match(stdout, /rank correlation of [\d.-]+ with the model \(LDS\)\.$/m);
  });

  await t.test('by Shapley values has standard errors where it samples, and sums up', async () => {
    const few = 'The capital of';
    const shapley = ['explain', ...model, '--method', 'shapley', '--removal', 'mask'];
    const exact = await json<PrintedExplanation>([...shapley, few]);
    assert.ok(exact.tokens.every(({ standardError }) => standardError === undefined));
    const [estimator, seed] = ['kernel', '3'];
    const options = ['--estimator', estimator, '--samples', '60', '--tolerance', '0.001', '--seed', seed];
    const sampled = await json<PrintedExplanation & { converged: boolean }>([...shapley, ...options, few]);
    const receipt = sampled.receipt as PrintedExplanation['receipt'] & MethodOptionValues;
    assert.deepEqual(
      [receipt.estimator, receipt.removal, receipt.masks, receipt.tolerance, receipt.seed],
      [estimator, 'mask', 60, 0.001, 3],
    );
    for (const { tokens, value, baselineValue, delta } of [exact, sampled]) {
      const sum = tokens.reduce((total, { score }) => total + score, 0);
      near(sum, value - baselineValue, 1e-6);
      near(delta ?? Number.NaN, 0, 1e-6);
    }
    for (const [token, { score, standardError }] of sampled.tokens.entries()) {
      near(score, exact.tokens[token]!.score, 6 * standardError! + 1e-5);
    }
    const { stdout } = await cli([...shapley, '--estimator', 'permutation', '--samples', '20', few]);
    assert.match(
      stdout,
      /\bshapley, contrast, baseline zero, estimator permutation, removal mask, masks 20\b/,
    );
  });

  await t.test('by direct logit attribution and ALTI-Logit has scores, layers and no baseline', async () => {
    const by = (method: string) =>
      json<
        PrintedExplanation & {
          layers: number[][];
          components: { embedding: number; heads: number[][]; mlps: number[]; biases: number };
        }
      >(['explain', ...model, '--method', method, text]);
    for (const method of ['alti-logit', 'direct-logit']) {
      const { tokens, layers, value, baselineValue } = await by(method);
      near(value, whole.value, 1e-5);
      for (const [token, { score }] of tokens.entries()) {
        const column = layers.reduce((total, row) => total + row[token]!, 0);
        near(score, column, 1e-5);
      }
      near(
        tokens.reduce((total, { score }) => total + score, baselineValue),
        value,
        1e-4,
      );
    }
    const result = await by('direct-logit');
    assert.deepEqual(keys(result), [...keys(whole), 'components', 'layers'].sort());
    const { embedding, heads, mlps, biases } = result.components;
    assert.deepEqual(
      [heads.length, mlps.length],
      [(result.layers.length - 1) / 2, (result.layers.length - 1) / 2],
    );
    const parts = [...heads.flat(), ...mlps].reduce((total, part) => total + part, embedding + biases);
    near(parts, result.value, 1e-5);
    near(result.value, whole.value, 1e-5);
    const sum = result.tokens.reduce((total, { score }) => total + score, 0);
    near(sum + result.baselineValue, result.value, 1e-5);
    const { stdout } = await cli(['explain', ...model, '--method', 'direct-logit', text]);
    assert.match(stdout, /\bdirect-logit, contrast · 1 evaluations/);
    const refused = await cli([
      'explain',
      ...model,
      '--method',
      'direct-logit',
      '--objective',
      'log-prob',
      text,
    ]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /objective is log-prob, but must be contrast \| logit/);
  });

  await t.test('explains a part, with the rest as context', async () => {
    const part = await json<PrintedExplanation>(['explain', ...model, '--from', '2', '--to', '4', text]);
    assert.deepEqual(
      part.tokens.map(({ start, end }) => [start, end]),
      whole.tokens.slice(2, 5).map(({ start, end }) => [start, end]),
    );
    near(part.value, whole.value, 1e-5);
    assert.notEqual(part.baselineValue, whole.baselineValue);
  });

  await t.test('is readable without --json', async () => {
    const { code, stdout, stderr } = await cli(['explain', ...model, '--from', '1', text]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Why ".+" \([^)]+%\) and not ".+" \([^)]+%\)\?\n/);
    assert.match(stdout, /^ {4}1 " capital"/m);
    assert.ok(!stdout.includes('\u001b'));
  });
});

test('score', async (t) => {
  const model = ['--model', randomModel(t)];

  await t.test('has the stated shape', async () => {
    const { receipt, stride, tokens, next, wordEnd, ...rest } = await json<Scores>(['score', ...model, text]);
    assert.deepEqual([rest, stride, receipt.bos], [{}, null, false]);
    assert.ok(wordEnd! < 0);
    assert.deepEqual(tokenKeys(tokens[0]!), [
      ...['context', 'end', 'entropy', 'id', 'logProb', 'rank', 'start', 'text', 'top', 'wordEnd'],
    ]);
    assert.deepEqual([tokens[0]?.logProb, tokens[0]?.rank], [null, null]);
    for (const { logProb, rank, top } of tokens.slice(1)) {
      assert.ok(logProb! < 0 && rank! >= 1);
      assert.equal(top.length, 10);
      assert.deepEqual(tokenKeys(top[0]!), ['id', 'probability', 'text']);
    }
    assert.ok(next.length > 0);
  });

  await t.test('names the pieces of a character differently', async () => {
    const { tokens, receipt } = await json<Scores>(['score', ...model, 'a 国']);
    assert.equal(receipt.droppedTokens, 0);
    assert.match(tokens.map(({ name, text }) => name ?? text).join('|'), /^a\|.* ?国 1\/(\d)\|.*国 \1\/\1$/);
    const { stdout } = await cli(['score', ...model, 'a 国']);
    assert.match(stdout, /" ?国 \d\/\d"/);
    assert.doesNotMatch(stdout, /\ufffd/);
  });

  await t.test('tells of words with --words', async () => {
    type Worded = Scores & { words: { text: string; start: number; end: number; logProb: number | null }[] };
    const asked = 'The lazy  dog sleeps';
    const { words, tokens, wordEnd } = await json<Worded>(['score', ...model, '--words', asked]);
    assert.deepEqual(
      words.map(({ text: word, start, end }) => [word, start, end]),
      [
        ['The', 0, 3],
        [' lazy', 3, 8],
        ['  dog', 8, 13],
        [' sleeps', 13, 20],
      ],
    );
    const own = tokens.filter(({ start }) => start >= 13);
    const sum = own.reduce((total, { logProb }) => total + logProb!, 0);
    near(words[3]!.logProb!, sum - own[0]!.wordEnd! + wordEnd!, 1e-6);
    const { stdout } = await cli(['score', ...model, '--words', asked]);
    assert.match(stdout, /^Most surprising words +bits +chance$/m);
    assert.match(stdout, /^"sleeps" +[\d.]+ +\S+%$/m);
    assert.match(stdout, /corrected for where words end/);
  });

  await t.test('reads a text that is longer than the context in windows, or only its end', async () => {
    const long = `${text} `.repeat(12);
    const end = await json<Scores>(['score', ...model, '--stride', 'none', long]);
    assert.deepEqual([end.tokens.length, end.receipt.droppedTokens > 0], [64, true]);
    const { tokens, receipt, stride } = await json<Scores>(['score', ...model, long]);
    assert.equal(stride, 32);
    assert.equal(receipt.droppedTokens, 0);
    assert.equal(tokens.length, 64 + end.receipt.droppedTokens);
    assert.ok(tokens.slice(64).every(({ context }) => context >= 32));
    const { stdout } = await cli(['score', ...model, long]);
    assert.match(stdout, /^Read in windows that begin 32 tokens apart\.$/m);
    const other = await json<Scores>(['score', ...model, '--stride', '16', long]);
    assert.deepEqual([other.stride, other.tokens.length], [16, tokens.length]);
  });

  await t.test('scores the first token too behind BOS', async () => {
    const { tokens } = await json<Scores>(['score', ...model, '--bos', text]);
    assert.ok(tokens[0]!.logProb! < 0);
  });

  await t.test('is readable without --json', async () => {
    const { stdout } = await cli(['score', ...model, text]);
    assert.match(
      stdout,
      /^perplexity [\d.,]+ · [\d.]+ bits per token · [\d.]+ bits per byte · over \d+ predicted tokens$/m,
    );
  });
});

test('generate', async (t) => {
  const model = ['--model', randomModel(t)];
  const greedy = ['generate', ...model, '--temperature', '0', '--max-tokens', '6'];

  await t.test('has the stated shape', async () => {
    const args = [
      'generate',
      ...model,
      '--n',
      '2',
      '--max-tokens',
      '5',
      '--top-k',
      '9',
      '--top-p',
      '0.9',
      '--seed',
      '4',
    ];
    const { receipt, sequences } = await json<Generation>([...args, text]);
    const { seed, maxTokens, temperature, topK, topP } = receipt;
    assert.deepEqual([seed, maxTokens, temperature, topK, topP], [4, 5, 0.8, 9, 0.9]);
    assert.equal(sequences.length, 2);
    for (const sequence of sequences) {
      assert.deepEqual(keys(sequence), ['ended', 'text', 'tokens']);
      assert.deepEqual(tokenKeys(sequence.tokens[0]!), ['entropy', 'id', 'logProb', 'rank', 'text', 'top']);
    }
    assert.notDeepEqual(sequences[0], sequences[1]);
    assert.deepEqual((await json<Generation>([...args, text])).sequences, sequences);
  });

  await t.test('takes a repetition penalty and a stop text', async () => {
    const free = (await json<Generation>([...greedy, text])).sequences[0]!;
    assert.equal(free.ended, 'length');
    const stop = free.tokens[3]!.text;
    const stopped = await json<Generation>([...greedy, '--stop', stop, text]);
    assert.deepEqual(stopped.receipt.stop, [stop]);
    assert.deepEqual(
      [stopped.sequences[0]?.ended, stopped.sequences[0]?.text],
      ['stop', free.text.slice(0, free.text.indexOf(stop))],
    );
    const penalized = await json<Generation>([...greedy, '--repetition-penalty', '1.5', text]);
    assert.equal(penalized.receipt.repetitionPenalty, 1.5);
  });

  await t.test('prints the continuation, and nothing else, when it is not asked for more', async () => {
    const { sequences } = await json<Generation>([...greedy, text]);
    const whole = sequences[0]!.text.replace(/\ufffd+$/, '');
    const { code, stdout, stderr } = await cli([...greedy, text]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(stdout.slice(0, -1).replace(/\ufffd+$/, ''), whole);
    assert.ok(stdout.endsWith('\n'));
  });

  await t.test('keeps several continuations apart', async () => {
    const { stdout } = await cli([...greedy, '--n', '2', text]);
    const [before, first, second] = stdout.split(/── \d of 2 ──\n/);
    assert.equal(before, '');
    assert.equal(first, second);
  });

  await t.test('starts from nothing with BOS', async () => {
    const { sequences } = await json<Generation>([...greedy, '--bos'], { input: '' });
    assert.ok(sequences[0]!.tokens.length > 0);
  });
});

test('attention', async (t) => {
  const model = ['--model', randomModel(t)];
  const all = await json<Omit<AttentionMaps, 'attention'> & { attention: number[][][][] }>([
    ...['attention', ...model, text],
  ]);
  const count = all.tokens.length;

  await t.test('is [layer][head][query][key], causal, and sums to one', () => {
    assert.deepEqual([all.attention.length, all.attention[0]?.length], [3, 3]);
    for (const map of all.attention.flat()) {
      assert.deepEqual(
        map.map((row) => row.length),
        Array.from({ length: count }, () => count),
      );
      for (const [query, row] of map.entries()) {
        near(
          row.reduce((sum, weight) => sum + weight, 0),
          1,
          1e-5,
        );
        assert.ok(row.slice(query + 1).every((weight) => weight === 0));
      }
    }
  });

  await t.test('of one head is the same map', async () => {
    const one = await json<typeof all>(['attention', ...model, '--layer', '2', '--head', '1', text]);
    assert.deepEqual([one.layers, one.heads], [[2], [1]]);
    assert.deepEqual(one.attention, [[all.attention[2]![1]]]);
  });

  await t.test('is readable without --json', async () => {
    const one = await cli(['attention', ...model, '--layer', '0', '--head', '2', text]);
    assert.match(one.stdout, /^Layer 0, head 2:/);
    const table = await cli(['attention', ...model, text]);
    assert.equal(table.stdout.match(/^ +\d +\d .*%$/gm)?.length, 9);
  });
});
