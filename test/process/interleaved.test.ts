/** Two calls of one verb, each in a lane of its own, are at work at once: their answers are those of one after the other. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { type ParamsOf, type VerbName, verbNames } from '../../src/protocol/verbs.ts';
import { writeCheckpoint } from '../fixtures/checkpoint.ts';
import {
  adversarialRequest,
  attendRequest,
  contextProbeRequest,
  distributionRequest,
  evaluateRequest,
  evidenceRequest,
  explainRequest,
  flipRequest,
  generateRequest,
  importanceRequest,
  lensRequest,
  mapRequest,
  removeRequest,
  scoreRequest,
} from '../fixtures/requests.ts';
import { temporaryFolder } from '../fixtures/temporary.ts';
import { type Host, realEngine, startHost } from './support.ts';

const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 3, heads: 2, width: 16, contextLength: 600, vocabularySize: 300, seed: 7 },
});

interface Text {
  modelDir: string;
  text: string;
}

/** Both begin alike: what is kept of one is of use to the other, up to where they differ. */
function textsAbout(subject: string): [Text, Text] {
  const beginning = `${subject}: ${'The process is a child of the host, '.repeat(4)}`;
  return [
    { modelDir, text: `${beginning}${'and its lanes are many. '.repeat(8)}` },
    { modelDir, text: `${beginning}${'which has many documents. '.repeat(8)}` },
  ];
}

type Pair<V extends VerbName> = readonly [ParamsOf<V>, ParamsOf<V>];
interface Case {
  name: string;
  verb: VerbName;
  params: Pair<VerbName>;
}

const calls: Case[] = [];
/** A text of its own for each case: nothing is known of it yet. */
function add<V extends VerbName>(verb: V, make: (one: Text, other: Text) => Pair<V>, what = ''): void {
  const name = what === '' ? verb : `${verb} (${what})`;
  calls.push({ name, verb, params: make(...textsAbout(name)) as unknown as Pair<VerbName> });
}

const end = (text: Text, length = 40) => ({ start: text.text.length - length, end: text.text.length });
const rollout = { kind: 'rollout' } as const;
const gradient = { at: { kind: 'end' }, target: { kind: 'top' }, foil: { kind: 'top' } } as const;

add('load', () => [{ modelDir }, { modelDir }]);
for (const method of ['integrated-gradients', 'occlusion', 'direct-logit', 'gradient-norm'] as const) {
  const request = (text: Text) => explainRequest({ ...text, range: end(text), method, steps: 8 });
  add('explain', (one, other) => [request(one), request(other)], method);
}
add(
  'explain',
  (one) => [
    explainRequest({ ...one, range: end(one), steps: 8 }),
    explainRequest({ ...one, range: end(one, 20), steps: 8, foil: { kind: 'text', text: ' is' } }),
  ],
  'one text',
);
add('score', (one, other) => [scoreRequest(one), scoreRequest(other)]);
add('score', (one) => [scoreRequest({ ...one, stride: 16 }), scoreRequest(one)], 'one text');
const drawn = { temperature: 1, sequences: 2 };
add('generate', (one, other) => [
  generateRequest({ ...one, ...drawn }),
  generateRequest({ ...other, ...drawn }),
]);
add(
  'generate',
  (one) => [1, 2].map((seed) => generateRequest({ ...one, ...drawn, seed })) as never,
  'one text',
);
const maps = { bos: false, layers: [1], heads: null };
add('attention', (one, other) => [
  { ...one, ...maps },
  { ...other, ...maps },
]);
add('attend', (one, other) => [attendRequest(one), attendRequest(other)]);
add(
  'attend',
  (one, other) => [attendRequest({ ...one, view: rollout }), attendRequest({ ...other, view: rollout })],
  'rollout',
);
add(
  'attend',
  (one) => [
    attendRequest({ ...one, view: rollout }),
    attendRequest({ ...one, view: rollout, offset: one.text.length / 2 }),
  ],
  'rollout of one text',
);
add('distribution', (one, other) => [distributionRequest(one), distributionRequest(other)]);
add(
  'distribution',
  (one) => [
    distributionRequest(one),
    distributionRequest({ ...one, without: [{ layer: 1, head: 0 }], temperature: 2 }),
  ],
  'with and without a head',
);
add('lens', (one, other) => [
  lensRequest({ ...one, range: end(one) }),
  lensRequest({ ...other, range: end(other) }),
]);
add('attentionMap', (one, other) => [mapRequest(one), mapRequest(other)]);
add(
  'attentionMap',
  (one, other) => [mapRequest({ ...one, view: rollout }), mapRequest({ ...other, view: rollout })],
  'rollout',
);
add(
  'attentionMap',
  (one, other) => [mapRequest({ ...one, gradient }), mapRequest({ ...other, gradient })],
  'gradient',
);
const small = { bos: false, size: 16 };
add('thumbnails', (one, other) => [
  { ...one, ...small },
  { ...other, ...small },
]);
const patterns = { modelDir, length: 40, sequences: 4 };
add('headPatterns', () => [
  { ...patterns, seed: 1 },
  { ...patterns, seed: 2 },
]);
add('evidence', (one, other) => [
  evidenceRequest({ ...one, range: end(one) }),
  evidenceRequest({ ...other, range: end(other) }),
]);
add('evaluate', (one, other) => [
  evaluateRequest({ ...one, range: end(one), methods: ['random'] }),
  evaluateRequest({ ...other, range: end(other), methods: ['random'] }),
]);
add('remove', (one, other) => [
  removeRequest({ ...one, tokens: [1] }),
  removeRequest({ ...other, tokens: [1] }),
]);
add('flip', (one, other) => [
  flipRequest({ ...one, range: end(one), budget: 60 }),
  flipRequest({ ...other, range: end(other), budget: 60 }),
]);
add('adversarial', (one, other) => [
  adversarialRequest({ ...one, range: end(one) }),
  adversarialRequest({ ...other, range: end(other) }),
]);
add('contextProbe', (one, other) => [
  contextProbeRequest({ ...one, range: end(one) }),
  contextProbeRequest({ ...other, range: end(other) }),
]);
add('importance', (one, other) => [importanceRequest(one), importanceRequest(other)]);
add('structure', () => [{ modelDir }, { modelDir }]);

let apart: Host;
let together: Host;
before((context) => {
  apart = startHost(context as TestContext, { program: realEngine });
  together = startHost(context as TestContext, { program: realEngine });
});

test('every verb is asked', () => {
  assert.deepEqual(new Set(calls.map(({ verb }) => verb)), new Set(verbNames));
});

for (const { name, verb, params } of calls) {
  test(`two calls at once: ${name}`, async () => {
    const ask = ({ engine }: Host, index: number) =>
      (engine[verb] as (params: unknown, options: object) => Promise<unknown>)(params[index], {
        lane: `${index}`,
      });
    const expected = [await ask(apart, 0), await ask(apart, 1)];
    for (const round of ['first', 'again']) {
      const actual = await Promise.all([ask(together, 0), ask(together, 1)]);
      assertSame(actual, expected, round);
    }
  });
}

/** The engine chooses its slices by the clock, so that the last digits may differ between two runs. */
function assertSame(actual: unknown, expected: unknown, at: string): void {
  if (typeof expected === 'number') {
    const isNear = Math.abs((actual as number) - expected) <= 1e-5 + 1e-4 * Math.abs(expected);
    assert.ok(isNear || Object.is(actual, expected), `${at}: ${actual} is not near ${expected}`);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.deepEqual(Object.keys(actual as object), Object.keys(expected), at);
    for (const [key, value] of Object.entries(expected)) {
      if (key !== 'milliseconds') assertSame((actual as Record<string, unknown>)[key], value, `${at}.${key}`);
    }
  } else assert.equal(actual, expected, at);
}
