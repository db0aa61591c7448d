/** What two panels, a hover and an agent ask of one process at once, as the panels ask it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { attentionAnswers } from '../../src/host/panel/attention/answers.ts';
import { probabilitiesAnswers, type Strip } from '../../src/host/panel/probabilities/answers.ts';
import type { ModelText } from '../../src/protocol/params.ts';
import { firstProgress, scoreParams, startHost, until } from './support.ts';

const read = (text: string): ModelText => ({ modelDir: 'panel', text, bos: false });
const call = (source = new CancellationTokenSource()) => ({ cancellation: source.token, report: () => {} });

test('the Attention panel is answered however often a slider moves in the Probabilities panel', async (t) => {
  const { engine, log } = startHost(t);
  await engine.start();
  const attention = attentionAnswers(
    engine,
    () => read('slices:40'),
    () => {},
  );
  const prediction = attention.prediction({ without: [] }, call());
  let temperature = 0;
  const probabilities = probabilitiesAnswers(engine, {
    text: () => ({ params: read(`slices:3:${temperature}`), range: { start: 0, end: 8 } }),
    strip: () => null,
    keep: () => {},
  });
  for (; temperature < 8; temperature++) {
    const sampling = { at: null, temperature, topK: 0, topP: 1, top: 5 };
    const { candidates } = await probabilities.distribution(sampling, call());
    assert.equal(candidates[0]?.text, `slices:3:${temperature}`);
  }
  assert.equal((await prediction).before[0]?.text, 'slices:40');
  assert.ok(!log.some((line) => line.startsWith('error')), log.join('\n'));
});

test('a hover’s scores and a panel’s strip do not end each other', async (t) => {
  const { engine } = startHost(t);
  let kept: Strip | undefined;
  const probabilities = probabilitiesAnswers(engine, {
    text: () => ({ params: read('slices:30'), range: { start: 0, end: 9 } }),
    strip: () => null,
    keep: (_, strip) => {
      kept = strip;
    },
  });
  const { onProgress, begun } = firstProgress();
  const hover = engine.score(scoreParams('slices:30', 'hover'), { lane: 'scores', onProgress });
  await begun;
  const strip = probabilities.strip({}, call());
  assert.equal((await hover).next[0]?.text, 'slices:30');
  await strip;
  await until('the strip is kept', () => kept !== undefined);
});
