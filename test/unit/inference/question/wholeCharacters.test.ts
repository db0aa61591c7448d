/** A character that is predicted in bytes is named by what the model makes of them, wherever tokens are expected. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { root } from '../../../../scripts/lib/project.ts';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import type { Sequence } from '../../../../src/inference/gpt2/sequence.ts';
import { asideFor, inWholeCharacters } from '../../../../src/inference/question/wholeCharacters.ts';
import { Run } from '../../../../src/inference/run.ts';
import { attend } from '../../../../src/inference/verbs/attend.ts';
import { distribution } from '../../../../src/inference/verbs/distribution.ts';
import { explain } from '../../../../src/inference/verbs/explain.ts';
import { generate } from '../../../../src/inference/verbs/generate.ts';
import { score } from '../../../../src/inference/verbs/score.ts';
import type { ExplainParams } from '../../../../src/protocol/engine.ts';
import type { ShownToken } from '../../../../src/protocol/results.ts';
import { tokenName } from '../../../../src/text/pieceNames.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import {
  attendRequest,
  distributionRequest,
  explainRequest,
  generateRequest,
  scoreRequest,
} from '../../../fixtures/requests.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const modelDir = path.join(root, 'models/tiny-gpt2');
/** The model has seen no Chinese and copies: its next token is the first byte of 国. */
const text = '北京是中国的首都。北京是中';
let model: Gpt2;
before(async () => {
  model = await openModel(modelDir, 'interactive');
});
after(() => model.dispose());

function readIn(of: Gpt2, ids: readonly number[], expected: readonly ShownToken[]): Promise<Sequence | null> {
  return of.memory.readings.use(ids, 0, async (sequence) => {
    await sequence.read(ids, Run.detached());
    return asideFor(sequence, expected);
  });
}

test('the character is the one that the model goes on with', async () => {
  const request = generateRequest({ modelDir, text, maxTokens: 3 });
  const { sequences } = await generate(model, request, Run.detached());
  assert.equal(sequences[0]?.text, '国');
  const { next, target, foil } = await explain(model, explainRequest({ modelDir, text }), Run.detached());
  assert.deepEqual([target.name, next[0]?.name], ['国 1/3', '国 1/3']);
  assert.equal(target.text, '\ufffd', 'what is searched for is the token’s own text');
  assert.equal(foil?.name, undefined);
});

test('and so is a foil that begins one', async () => {
  const end = await explain(model, explainRequest({ modelDir, text }), Run.detached());
  const { foil } = await explain(
    model,
    explainRequest({
      ...{ modelDir, text, target: { kind: 'id', id: end.foil!.id } },
      foil: { kind: 'id', id: end.target.id },
    }),
    Run.detached(),
  );
  assert.equal(foil?.name, '国 1/3');
});

test('all that tells of the next token names it so', async () => {
  const scores = await score(model, scoreRequest({ modelDir, text }), Run.detached());
  const rows = await attend(model, attendRequest({ modelDir, text }), Run.detached());
  const { candidates } = await distribution(model, distributionRequest({ modelDir, text }), Run.detached());
  for (const [first] of [scores.next, rows.next, candidates]) assert.equal(first?.name, '国 1/3');
});

test('what continues a character is named by the bytes before it, too', async () => {
  // Before the second byte of 国, which stands in the text: the target has its name there, the others theirs.
  const whole = `${text}国`;
  const { tokens } = await score(model, scoreRequest({ modelDir, text: whole }), Run.detached());
  const at: ExplainParams['at'] = { kind: 'token', index: tokens.length - 2 };
  const { target, next } = await explain(
    model,
    explainRequest({ modelDir, text: whole, at, target: { kind: 'actual' } }),
    Run.detached(),
  );
  assert.equal(target.name, '国 2/3');
  assert.equal(next.find(({ id }) => id === target.id)?.name, '国 2/3');
});

test('names stay different, other tokens as they are, and bytes that become no character bytes', async (t) => {
  const folder = temporaryFolder(t);
  const size = { layers: 2, heads: 2, width: 16, contextLength: 24, vocabularySize: 300, seed: 7 };
  const random = await openModel(writeCheckpoint(path.join(folder, 'model'), size), 'interactive');
  t.after(() => random.dispose());
  for (const [given, ids] of ['a', 'a é', 'a 🙂', 'a 国'].map(
    (written) => [written, random.tokenizer.encode(written).map(({ id }) => id)] as const,
  )) {
    for (const count of [1, ids.length - 1, ids.length].filter((many) => many > 0)) {
      const expected = Array.from({ length: 256 }, (_, id) => random.tokenizer.shown(id));
      const aside = await readIn(random, ids.slice(0, count), expected);
      const named = await inWholeCharacters(random, aside, expected, Run.detached());
      assert.deepEqual(
        named.map(({ id }) => id),
        expected.map(({ id }) => id),
      );
      const names = named.map(tokenName);
      assert.equal(new Set(names).size, names.length, given);
      for (const [index, token] of expected.entries()) {
        if (token.name === undefined) assert.deepEqual(named[index], token);
        else assert.match(named[index]!.name!, / \d\/\d|‹/u);
      }
    }
  }
});

test('at the end of the context nothing more is read', async (t) => {
  const folder = temporaryFolder(t);
  const size = { layers: 1, heads: 2, width: 16, contextLength: 8, vocabularySize: 300, seed: 7 };
  const small = await openModel(writeCheckpoint(path.join(folder, 'model'), size), 'interactive');
  t.after(() => small.dispose());
  const [lead] = small.tokenizer.encode('国').map(({ id }) => id);
  const full = Array.from({ length: 8 }, () => 1);
  const piece = small.tokenizer.shown(lead!);
  const aside = await readIn(small, full, [piece]);
  assert.deepEqual(await inWholeCharacters(small, aside, [piece], Run.detached()), [piece]);
});
