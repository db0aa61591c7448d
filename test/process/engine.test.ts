/** The real engine behind the real process, on a small random checkpoint. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import type { GeneratedPiece, Progress } from '../../src/protocol/engine.ts';
import type { Explanation, PartialImportance, TokenScore } from '../../src/protocol/results.ts';
import { writeCheckpoint } from '../fixtures/checkpoint.ts';
import { distributionRequest, importanceRequest, lensRequest } from '../fixtures/requests.ts';
import {
  attendParams,
  explainParams,
  firstProgress,
  generateParams,
  realEngine,
  rejectsWith,
  scoreParams,
  startHost,
  until,
} from './support.ts';

const program = realEngine;
const text = 'The process is a child of the host. ';
let folder: string;
let model: string;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'whytoken-'));
  model = writeCheckpoint(path.join(folder, 'small'), { layers: 4, width: 128, contextLength: 256 });
});
after(() => fs.rmSync(folder, { recursive: true }));

/** Work of many slices: a cancel or a kill comes in its middle. */
const long = () => ({ ...explainParams(text.repeat(4), model), steps: 1000 });

/** The engine chooses its batches by the clock, so that only the last digits may differ between two runs. */
function assertSame(actual: Explanation, expected: Explanation): void {
  const choices = ({ target, foil, tokens }: Explanation) => [
    target.id,
    foil?.id,
    tokens.map(({ id }) => id),
  ];
  assert.deepEqual(choices(actual), choices(expected));
  for (const [index, { score }] of actual.tokens.entries()) {
    const difference = score - (expected.tokens[index]?.score ?? Number.NaN);
    assert.ok(Math.abs(difference) < 1e-5, `token ${index} differs by ${difference}`);
  }
}

test('every request is answered', async (t) => {
  const { engine } = startHost(t, { program });
  const info = await engine.load({ modelDir: model });
  assert.equal(info.layers, 4);

  const explanation = await engine.explain(explainParams(text, model));
  assert.equal(explanation.tokens.map((token) => token.text).join(''), text);
  assert.equal(explanation.refining, false);

  const told: TokenScore[] = [];
  const onScores = ({ partial }: Progress<TokenScore[]>) => void told.push(...(partial ?? []));
  const { tokens } = await engine.score({ ...scoreParams(text, model), bos: true }, { onProgress: onScores });
  assert.deepEqual(told, tokens);
  assert.ok(tokens.every(({ logProb }) => logProb !== null && logProb < 0));

  const pieces: string[] = [];
  const onProgress = ({ partial }: Progress<GeneratedPiece>) => void pieces.push(partial?.text ?? '');
  const { sequences } = await engine.generate(generateParams(text, model), { onProgress });
  assert.equal(sequences[0]?.tokens.length, 4);
  assert.equal(pieces.join(''), sequences[0]?.text);

  const { rows, weights, layers, heads } = await engine.attend(attendParams(text, model));
  assert.ok(rows instanceof Float32Array && weights instanceof Float32Array);
  assert.equal(rows.length, layers * heads * weights.length);
  assert.equal(weights.length, tokens.length);

  const maps = { modelDir: model, text, bos: false, layers: [1], heads: [0, 1] };
  const { attention, tokens: spans } = await engine.attention(maps);
  assert.equal(attention[0]?.length, 2);
  assert.ok(attention[0]?.[1] instanceof Float32Array);
  assert.equal(attention[0][1].length, spans.length ** 2);
});

test('questions about the parts of a model are answered, with numbers that arrive as they are', async (t) => {
  const { engine } = startHost(t, { program });
  const request = { modelDir: model, text };
  const { candidates, tail } = await engine.distribution(distributionRequest({ ...request, topK: 3 }));
  const drawn = candidates.reduce((sum, candidate) => sum + candidate.drawn, tail.drawn);
  assert.ok(Math.abs(drawn - 1) < 1e-9, `${drawn}`);

  const { ids, probabilities, followed, rows, tokens } = await engine.lens(lensRequest(request));
  assert.ok(ids instanceof Int32Array && probabilities instanceof Float32Array);
  assert.ok(followed?.ranks instanceof Int32Array);
  assert.deepEqual([rows, ids.length], [5, 5 * tokens.length]);

  const told: PartialImportance[] = [];
  const onProgress = ({ partial }: Progress<PartialImportance>) => void (partial && told.push(partial));
  const { ofHeads, layers, heads } = await engine.importance(importanceRequest(request), { onProgress });
  assert.deepEqual([ofHeads instanceof Float32Array, ofHeads.length], [true, layers * heads]);
  assert.ok(ofHeads.every(Number.isFinite));
  assert.ok(told.length > 0 && told.every((partial) => Number.isNaN(partial.ofHeads[0])));
});

test('a bad folder is a typed error, and the process lives on', async (t) => {
  const { engine, pid } = startHost(t, { program });
  const missing = path.join(folder, 'missing');
  const error = await rejectsWith('model-folder-missing', engine.load({ modelDir: missing }));
  assert.equal(error.facts.path, missing);
  const process = pid();
  await engine.score(scoreParams(text, model));
  assert.equal(pid(), process);
});

test('a cancel in the middle of an explanation leaves the engine sound', async (t) => {
  const { engine, pid } = startHost(t, { program });
  const expected = await engine.explain(explainParams(text, model));
  const process = pid();
  for (const stage of ['reading', 'explaining']) {
    const source = new CancellationTokenSource();
    const onProgress = (progress: Progress<unknown>) => {
      if (progress.stage === stage) source.cancel();
    };
    const work = engine.explain(long(), { cancellation: source.token, onProgress });
    await rejectsWith('cancelled', work);
  }
  const again = await engine.explain(explainParams(text, model));
  assert.equal(pid(), process);
  assertSame(again, expected);
});

test('a newer explanation takes the place of the one at work', async (t) => {
  const { engine } = startHost(t, { program });
  const { onProgress, begun } = firstProgress();
  const older = rejectsWith('superseded', engine.explain(long(), { onProgress }));
  await begun;
  await engine.explain(explainParams(text, model));
  await older;
});

test('SIGKILL at every step: the request ends, and the next one is right', async (t) => {
  const { engine, pid, states } = startHost(t, { program, timing: { restartDelays: Array(9).fill(10) } });
  const expected = await engine.explain(explainParams(text, model));
  const stages: Progress['stage'][] = ['loading', 'reading', 'explaining'];
  for (const stage of stages) {
    const restarted = states.length;
    process.kill(pid(), 'SIGKILL');
    await until('a process without a model', () => states.lastIndexOf('ready') > restarted);
    const onProgress = (progress: Progress<unknown>) => {
      if (progress.stage === stage) process.kill(pid(), 'SIGKILL');
    };
    const error = await rejectsWith('process-exited', engine.explain(long(), { onProgress }));
    assert.equal(error.facts.reason, 'SIGKILL');
    assertSame(await engine.explain(explainParams(text, model)), expected);
  }
});

test('two windows work on one model at once', async (t) => {
  const hosts = [startHost(t, { program }), startHost(t, { program })];
  const explain = hosts.map(({ engine }) => engine.explain(explainParams(text, model)));
  const [one, other] = await Promise.all(explain);
  assert.notEqual(hosts[0]?.pid(), hosts[1]?.pid());
  assert.ok(one && other);
  assertSame(one, other);
});
