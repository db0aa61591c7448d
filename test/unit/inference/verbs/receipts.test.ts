/** The hash of a checkpoint that has just been opened: who waits for it, and for how long. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Fingerprint } from '../../../../src/inference/checkpoint/types.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { runs } from '../../../../src/inference/verbs/runs.ts';
import { attributionMethods } from '../../../../src/protocol/methods.ts';
import type { ReceiptSoFar } from '../../../../src/protocol/results.ts';
import type { ParamsOf, Progress, VerbName } from '../../../../src/protocol/verbs.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
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
  removeRequest,
  scoreRequest,
} from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const text = 'a fox in the box';
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 5 },
});
const asked = { modelDir, text };
const modelText = { ...asked, bos: false };

/** One request of every verb. */
const requests: { [V in VerbName]: ParamsOf<V> } = {
  load: { modelDir },
  explain: explainRequest(asked),
  evidence: evidenceRequest(asked),
  score: scoreRequest(asked),
  generate: generateRequest(asked),
  attention: { ...modelText, layers: [0], heads: null },
  attend: attendRequest(asked),
  distribution: distributionRequest(asked),
  lens: lensRequest(asked),
  attentionMap: { ...modelText, view: { kind: 'mean' }, size: null, withoutFirst: false, gradient: null },
  thumbnails: { ...modelText, size: 4 },
  headPatterns: { modelDir, seed: 0, length: 4, sequences: 1 },
  importance: importanceRequest(asked),
  evaluate: evaluateRequest(asked),
  remove: removeRequest(asked),
  flip: flipRequest(asked),
  adversarial: adversarialRequest(asked),
  contextProbe: contextProbeRequest(asked),
  structure: { modelDir },
};

let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

/** The model while its file is being read for the hash: `finish` ends that. */
function justOpened() {
  let finish = () => {};
  let known: string | null = null;
  const reading = new Promise<string>((resolve) => {
    finish = () => {
      known = 'the hash';
      resolve(known);
    };
  });
  let waiting = () => {};
  /** Somebody waits for the hash. */
  const awaited = new Promise<void>((resolve) => {
    waiting = resolve;
  });
  const fingerprint: Fingerprint = {
    get known() {
      return known;
    },
    of(run) {
      waiting();
      return run.unlessAborted(reading);
    },
  };
  const { weights, config, name, folder, stored, parameters, dtype } = model.checkpoint;
  const checkpoint = { weights, config, name, folder, stored, parameters, dtype, fingerprint, dispose() {} };
  return { model: { ...model, checkpoint }, finish, awaited };
}

type AnyVerb = (of: Gpt2, params: unknown, run: Run<Progress<unknown>>) => Promise<unknown>;

describe('partial answers do not wait for the hash', () => {
  const explanations = attributionMethods.map(
    (method) => ['explain', explainRequest({ ...asked, method }), method] as const,
  );
  for (const [verb, params, what] of [
    ...explanations,
    ['importance', requests.importance, 'importance'] as const,
    ['contextProbe', requests.contextProbe, 'contextProbe'] as const,
  ]) {
    test(what, async () => {
      const { model: opened, finish, awaited } = justOpened();
      const told: (string | null)[] = [];
      const run = new Run<Progress<unknown>>(new AbortController().signal, ({ partial }) => {
        if (partial) told.push((partial as { receipt: ReceiptSoFar }).receipt.model.sha256);
      });
      const result = (runs[verb] as AnyVerb)(opened, params, run);
      await awaited;
      assert.deepEqual([...new Set(told)], told.length > 0 ? [null] : []);
      if (what === 'integrated-gradients' || verb !== 'explain') assert.ok(told.length > 0);
      finish();
      const { receipt } = (await result) as { receipt: ReceiptSoFar };
      assert.equal(receipt.model.sha256, 'the hash');
    });
  }
});

describe('waiting for the hash ends with the request', () => {
  for (const [verb, params] of Object.entries(requests) as [VerbName, ParamsOf<VerbName>][]) {
    if (verb === 'load') continue;
    test(verb, async () => {
      const { model: opened, awaited } = justOpened();
      const cancel = new AbortController();
      const result = (runs[verb] as AnyVerb)(opened, params, new Run(cancel.signal, () => {}));
      await awaited;
      cancel.abort();
      await assert.rejects(result, { code: 'cancelled' });
    });
  }
});
