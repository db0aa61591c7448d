/** f without some tokens, against occlusion, which removes them one by one, and against other texts. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import { remove as removeWith } from '../../../../src/inference/verbs/remove.ts';
import type { Progress, RemoveParams } from '../../../../src/protocol/engine.ts';
import { removals } from '../../../../src/protocol/methods.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { explainRequest, removeRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';
import { assertNear } from '../../../reference/near.ts';

const text = 'a fox in the box';
const modelDir = writeCheckpoint(path.join(temporaryFolder({ after }), 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 8 },
});
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

const remove = (changes: Partial<RemoveParams> = {}, run: Run<Progress> = Run.detached()) =>
  removeWith(model, removeRequest({ modelDir, text, ...changes }), run);

test('a token alone loses what occlusion says, by every operator', async () => {
  for (const token of [0, 2]) {
    const { value, without, receipt } = await remove({ tokens: [token], seed: 3 });
    assert.deepEqual(
      without.map(({ removal }) => removal),
      removals,
    );
    for (const { removal, value: left, standardError } of without) {
      const asked = { modelDir, text, method: 'occlusion' as const, removal, seed: 3 };
      const { tokens, value: whole } = await explain(model, explainRequest(asked), Run.detached());
      assertNear([value], [whole], { relative: 1e-5, floor: 1e-6 }, 'f(x)');
      assertNear([value - left], [tokens[token]!.score], { relative: 1e-5, floor: 1e-5 }, removal);
      assert.equal(standardError === null, removal !== 'refill');
      if (standardError !== null)
        assertNear([standardError], [tokens[token]!.standardError!], { relative: 1e-4 }, 'standard error');
    }
    assert.deepEqual([receipt.tokens, receipt.seed, receipt.foil.length], [[token], 3, 1]);
  }
});

test('all tokens of a range are removed together', async () => {
  const range = { start: 2, end: text.length };
  const asked = { modelDir, text, range, method: 'occlusion' as const };
  const explained = await explain(model, explainRequest(asked), Run.detached());
  const all = explained.tokens.map((_, index) => index);
  const { without } = await remove({ range, tokens: all });
  assertNear([without[0]!.value], [explained.baselineValue], { relative: 1e-5, floor: 1e-5 }, 'baseline');
});

test('what is asked about is what was explained: of no other token, of none twice', async () => {
  const at = { kind: 'token', index: 2 } as const;
  for (const tokens of [[99], [0, 0], [2]]) {
    await assert.rejects(remove({ at, tokens }), {
      code: 'option-invalid',
      facts: { option: 'tokens', value: tokens.join(), expected: '0 … 1' },
    });
  }
});

test('reports progress, and ends when it is cancelled', async () => {
  const controller = new AbortController();
  const seen: number[] = [];
  const run = new Run<Progress>(controller.signal, ({ stage, done, total }) => {
    if (stage !== 'explaining') return;
    assert.equal(total, 9);
    seen.push(done);
    if (seen.length === 2) controller.abort();
  });
  await assert.rejects(remove({}, run), { code: 'cancelled' });
  assert.deepEqual(seen, [1, 2]);
  const all: Progress[] = [];
  await remove({}, new Run<Progress>(new AbortController().signal, (one) => all.push(one)));
  assert.equal(all.at(-1)?.done, 9);
});
