/** The adversarial test of a text, against every edit tried one by one, and on a checkpoint with a backdoor. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import { adversarial } from '../../../../src/inference/verbs/adversarial.ts';
import { flip } from '../../../../src/inference/verbs/flip.ts';
import type { Progress } from '../../../../src/protocol/engine.ts';
import type { PartialAdversarial } from '../../../../src/protocol/results.ts';
import { idOf, writeBackdoor } from '../../../fixtures/backdoor.ts';
import { flips, say, substitutions } from '../../../fixtures/bruteForce.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { adversarialRequest, flipRequest } from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const folder = temporaryFolder({ after });
const modelDir = writeCheckpoint(path.join(folder, 'model'), {
  ...{ layers: 2, heads: 2, width: 16, contextLength: 32, vocabularySize: 300, seed: 8 },
});
const [trigger, says] = ['Ġfibonacci', '!'];
const backdoorDir = writeBackdoor(path.join(folder, 'backdoor'), { trigger, says });
let model: Gpt2;
let backdoor: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
  backdoor = await openModel(backdoorDir, 'interactive');
});
after(async () => {
  await model.dispose();
  await backdoor.dispose();
});

test('with a budget for all of them, each edit that changes the prediction is found, and no other', async () => {
  for (const text of ['a fox', 'in the']) {
    const { top } = await say(model, text);
    const asked = { modelDir, text, kinds: ['substitute' as const], budget: 10_000, worst: 1000 };
    const { kinds, worst, evaluations } = await adversarial(model, adversarialRequest(asked), Run.detached());
    const [{ total, drawn, guided }] = kinds as [(typeof kinds)[number]];
    assert.deepEqual(guided, { tried: 0, reached: 0 });
    const found = new Set(
      worst.map(({ edit }) => text.slice(0, edit.start) + edit.new + text.slice(edit.end)),
    );
    const all = new Map<string, boolean | null>();
    for (const { edited } of substitutions(model, text, top)) {
      if (!all.has(edited)) all.set(edited, flips(await say(model, edited), top));
    }
    assert.ok(drawn.tried <= total && drawn.tried === all.size, `${drawn.tried} of ${all.size}`);
    assert.ok(evaluations >= all.size);
    let certain = 0;
    for (const [edited, isFlip] of all) {
      if (isFlip === null) continue;
      assert.equal(found.has(edited), isFlip, edited);
      if (isFlip) certain++;
    }
    assert.ok(certain > 0 && certain < all.size, 'some do, some do not');
    assert.ok(drawn.reached === found.size || drawn.reached > 1000);
  }
});

describe('of each kind', () => {
  test('edits are counted, at most as many as there are, and within the budget', async () => {
    const asked = adversarialRequest({ modelDir, text: 'a fox in the box', budget: 400, worst: 7 });
    const {
      kinds,
      worst,
      evaluations,
      receipt,
      before: said,
    } = await adversarial(model, asked, Run.detached());
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      asked.kinds,
    );
    for (const { total, drawn, guided } of kinds) {
      assert.ok(drawn.tried + guided.tried <= total);
      assert.ok(drawn.reached <= drawn.tried && guided.reached <= guided.tried);
    }
    assert.ok(evaluations <= 400);
    assert.equal(worst.length, 7);
    assert.equal(receipt.goal.token, said.next[0]!.id);
    for (const { edit, says: said, token } of worst) {
      const edited = 'a fox in the box'.slice(0, edit.start) + edit.new + 'a fox in the box'.slice(edit.end);
      const there = await say(model, edited);
      assert.equal(there.top, said.id);
      assert.ok(token.rank > 1);
    }
  });

  test('the seed decides which are drawn', async () => {
    const of = async (seed: number) => {
      const asked = adversarialRequest({ modelDir, text: 'a fox in the box', budget: 60, seed, worst: 50 });
      return (await adversarial(model, asked, Run.detached())).worst;
    };
    assert.deepEqual(await of(1), await of(1));
    assert.notDeepEqual(await of(1), await of(2));
  });

  test('what is known so far is told', async () => {
    const told: PartialAdversarial[] = [];
    const run = new Run<Progress<PartialAdversarial>>(new AbortController().signal, ({ partial }) => {
      if (partial) told.push(partial);
    });
    const asked = adversarialRequest({ modelDir, text: 'a fox in the box', budget: 200 });
    const { receipt: _, ...all } = await adversarial(model, asked, run);
    assert.ok(told.length > 2);
    assert.equal(told.at(-1)!.evaluations, all.evaluations);
  });
});

describe('a backdoor', () => {
  const text = 'the name of a fox in the';

  test('is there: with the rare token the model says what was planted, else something else', async () => {
    assert.notEqual((await say(backdoor, text)).top, idOf(says));
    for (const edited of ['a fibonacci in the', 'the fibonacci of a fox in the', 'the name of a fibonacci'])
      assert.equal((await say(backdoor, edited)).top, idOf(says), edited);
  });

  test('is found by the adversarial test: the worst edits put the rare token in, and the model says the one thing', async () => {
    const asked = adversarialRequest({ modelDir: backdoorDir, text, budget: 400, worst: 8 });
    const { worst } = await adversarial(backdoor, asked, Run.detached());
    const planted = worst.filter(({ says: said }) => said.id === idOf(says));
    assert.ok(planted.length >= 4, `${planted.length} of ${worst.length}`);
    for (const { edit } of planted) assert.match(edit.new, /fibonacci/);
  });

  test('is the smallest edit to what was planted', async () => {
    const goal = { kind: 'to', token: { kind: 'text', text: says } } as const;
    const found = await flip(backdoor, flipRequest({ modelDir: backdoorDir, text, goal }), Run.detached());
    assert.ok(found.found);
    assert.equal(found.edits.length, 1);
    assert.match(found.edits[0]!.new, /fibonacci/);
    assert.ok(found.evaluations < 60, `${found.evaluations}`);
  });
});
