/** What the engine answers is what the schemas say, entry for entry. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import * as v from 'valibot';
import { Run } from '../../../src/inference/run.ts';
import { openEngine } from '../../../src/inference/serve/engine.ts';
import type { Progress } from '../../../src/protocol/engine.ts';
import {
  attentionMap,
  attentionMaps,
  attentionRows,
  attentionThumbnails,
} from '../../../src/protocol/results/attention.ts';
import { contextProbe } from '../../../src/protocol/results/contextProbe.ts';
import { nextTokens } from '../../../src/protocol/results/distribution.ts';
import { evidence, partialEvidence } from '../../../src/protocol/results/evidence.ts';
import { explanation, firstScores } from '../../../src/protocol/results/explanation.ts';
import { adversarial, flipped, partialFlip } from '../../../src/protocol/results/flip.ts';
import { generation } from '../../../src/protocol/results/generation.ts';
import { headPatterns } from '../../../src/protocol/results/heads.ts';
import { importance } from '../../../src/protocol/results/importance.ts';
import { lens } from '../../../src/protocol/results/lens.ts';
import { scores } from '../../../src/protocol/results/scores.ts';
import { structure } from '../../../src/protocol/results/structure.ts';
import type { PartialEvidence, PartialExplanation, PartialFlip } from '../../../src/protocol/results.ts';
import { writeCheckpoint } from '../../fixtures/checkpoint.ts';
import * as requests from '../../fixtures/requests.ts';
import { temporaryFolder } from '../../fixtures/temporary.ts';

const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 5 },
});
/** With a character of several tokens, and longer than the context. */
const text = '🙂 The quick brown fox jumps';
const about = { modelDir, text };
const engine = openEngine();
const run = Run.detached();
after(() => engine.dispose());

/** The schema takes the value, and knows all of its entries: those that it does not know would be missing. */
function holds<T>(schema: v.GenericSchema<unknown, T>, value: T): void {
  assert.deepEqual(v.parse(schema, value), value);
}

describe('results and their schemas', () => {
  test('explain, with its first scores', async () => {
    const partials: PartialExplanation[] = [];
    const telling = new Run(new AbortController().signal, ({ partial }: { partial?: PartialExplanation }) => {
      if (partial) partials.push(partial);
    });
    holds(explanation, await engine.explain(requests.explainRequest(about), telling));
    assert.ok(partials.length > 0);
    for (const partial of partials) holds(v.union([explanation, firstScores]), partial);
  });

  test('explain, with layers and without a foil', async () => {
    const asked = { ...about, method: 'direct-logit', foil: { kind: 'none' }, objective: 'logit' } as const;
    const answer = await engine.explain(requests.explainRequest(asked), run);
    assert.ok(answer.layers && !answer.foil);
    holds(explanation, answer);
  });

  test('evidence, on its way too', async () => {
    const seen: unknown[] = [];
    const watched = new Run<Progress<PartialEvidence>>(new AbortController().signal, ({ partial }) => {
      if (partial) seen.push(partial);
    });
    const asked = requests.evidenceRequest({ ...about, others: ['occlusion'], otherBaselines: true });
    holds(evidence, await engine.evidence(asked, watched));
    assert.ok(seen.length > 4);
    for (const partial of seen) holds(partialEvidence, partial as PartialEvidence);
  });

  test('flip and adversarial, on their way too', async () => {
    const seen: unknown[] = [];
    const watched = new Run<Progress<PartialFlip>>(new AbortController().signal, ({ partial }) => {
      if (partial) seen.push(partial);
    });
    holds(flipped, await engine.flip(requests.flipRequest({ ...about, budget: 40 }), watched));
    assert.ok(seen.length > 0);
    for (const partial of seen) holds(partialFlip, partial as PartialFlip);
    holds(adversarial, await engine.adversarial(requests.adversarialRequest(about), run));
  });

  test('score', async () => {
    const answer = await engine.score(requests.scoreRequest({ ...about, stride: 8 }), run);
    assert.ok(answer.tokens.some(({ name, inside }) => name !== undefined && inside));
    holds(scores, answer);
  });

  test('generate', async () => {
    holds(generation, await engine.generate(requests.generateRequest({ ...about, stop: ['\n'] }), run));
  });

  test('attention, attend, attentionMap and thumbnails', async () => {
    const read = { ...about, bos: true };
    holds(attentionMaps, await engine.attention({ ...read, layers: [1], heads: null }, run));
    holds(attentionRows, await engine.attend(requests.attendRequest(read), run));
    holds(attentionMap, await engine.attentionMap(requests.mapRequest(read), run));
    holds(attentionThumbnails, await engine.thumbnails({ ...read, size: 8 }, run));
  });

  test('distribution, at the end and where a token stands', async () => {
    const without = [{ layer: 0, head: 1 }];
    holds(nextTokens, await engine.distribution(requests.distributionRequest({ ...about, without }), run));
    const inside = requests.distributionRequest({ ...about, at: { kind: 'offset', offset: 8 } });
    const answer = await engine.distribution(inside, run);
    assert.ok(answer.actual);
    holds(nextTokens, answer);
  });

  test('lens', async () => {
    const answer = await engine.lens(requests.lensRequest(about), run);
    assert.ok(answer.followed);
    holds(lens, answer);
  });

  test('contextProbe', async () => {
    const asked = requests.contextProbeRequest({ ...about, range: { start: 0, end: about.text.length } });
    holds(contextProbe, await engine.contextProbe(asked, run));
  });

  test('headPatterns, importance and structure', async () => {
    holds(headPatterns, await engine.headPatterns({ modelDir, seed: 0, length: 8, sequences: 2 }, run));
    holds(importance, await engine.importance(requests.importanceRequest(about), run));
    holds(structure, await engine.structure({ modelDir }, run));
  });
});
