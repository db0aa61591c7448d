/** Which models stay open, and for how long. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import type { Gpt2 } from '../../../../src/inference/gpt2/model.ts';
import { ModelStore, openModel } from '../../../../src/inference/gpt2/modelStore.ts';
import { Run } from '../../../../src/inference/run.ts';
import type { Progress } from '../../../../src/protocol/engine.ts';
import { writeCheckpoint } from '../../../fixtures/checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const home = temporaryFolder({ after });
const size = { layers: 1, heads: 2, width: 16, contextLength: 24, vocabularySize: 300 };
const folderOf = (name: string, seed = 1) => writeCheckpoint(path.join(home, name), { ...size, seed });
const [a, b, c] = [folderOf('a'), folderOf('b'), folderOf('c')];
/** Of the weights of one of them: its file without the header. */
const bytes = weightBytes(a);

function weightBytes(folder: string): number {
  const file = fs.readFileSync(path.join(folder, 'model.safetensors'));
  return file.length - 8 - Number(file.readBigUInt64LE());
}

/** A store with a record of what it opens and closes. */
function watchedStore(t: TestContext, mostBytes?: number) {
  const [opened, closed]: [string[], string[]] = [[], []];
  const open = async (folder: string): Promise<Gpt2> => {
    const name = path.basename(folder);
    opened.push(name);
    const model = await openModel(folder, 'interactive');
    return {
      ...model,
      async dispose() {
        closed.push(name);
        await model.dispose();
      },
    };
  };
  const store = new ModelStore('interactive', { open, ...(mostBytes !== undefined && { mostBytes }) });
  t.after(() => store.dispose());
  const use = (folder: string, work: (model: Gpt2) => unknown = () => {}) =>
    store.use(folder, Run.detached(), async (model) => work(model));
  return { store, use, opened, closed };
}

/** A promise with its end in one's hand. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('the budget', () => {
  test('keeps as many as fit, and drops the least recently used', async (t) => {
    const { use, opened, closed } = watchedStore(t, 2 * bytes);
    await use(a);
    await use(b);
    await use(a);
    assert.deepEqual([opened, closed], [['a', 'b'], []]);
    await use(c);
    assert.deepEqual(closed, ['b']);
    await use(a);
    assert.deepEqual([opened, closed], [['a', 'b', 'c'], ['b']]);
    await use(b);
    assert.deepEqual(
      [opened, closed],
      [
        ['a', 'b', 'c', 'b'],
        ['b', 'c'],
      ],
    );
  });

  test('a byte less is one model less', async (t) => {
    const { use, closed } = watchedStore(t, 2 * bytes - 1);
    await use(a);
    await use(b);
    assert.deepEqual(closed, ['a']);
  });

  test('has room for the one that was used last, whatever its size', async (t) => {
    const { use, opened, closed } = watchedStore(t, 0);
    await use(a);
    await use(a);
    assert.deepEqual([opened, closed], [['a'], []]);
    await use(b);
    assert.deepEqual(closed, ['a']);
  });

  test('is a quarter of the memory by default: small models all stay', async (t) => {
    const { use, closed } = watchedStore(t);
    for (const folder of [a, b, c]) await use(folder);
    assert.deepEqual(closed, []);
  });
});

describe('a model that somebody works with', () => {
  test('is closed only when the work is done', async (t) => {
    const { use, closed } = watchedStore(t, 0);
    const { open, opened } = gate();
    const working = use(a, async (model) => {
      await opened;
      // Its file is still open.
      return model.checkpoint.weights.rows('wte.weight', [0]).length;
    });
    await use(b);
    await use(b);
    assert.deepEqual(closed, []);
    open();
    assert.equal(await working, size.width);
    assert.deepEqual(closed, ['a']);
  });

  test('is shared by requests that come meanwhile, and other models are dropped first', async (t) => {
    const { use, opened, closed } = watchedStore(t, bytes);
    const { open, opened: done } = gate();
    const working = use(a, () => done);
    await use(b);
    await use(c);
    assert.deepEqual(closed, ['b'], 'b, though a was used less recently');
    await use(a);
    assert.deepEqual(opened, ['a', 'b', 'c']);
    open();
    await working;
  });

  test('is closed after the last of two uses', async (t) => {
    const { store, use, closed } = watchedStore(t);
    const [first, second] = [gate(), gate()];
    const [one, other] = [use(a, () => first.opened), use(a, () => second.opened)];
    await use(b);
    await store.dispose();
    assert.deepEqual(closed, ['b']);
    first.open();
    await one;
    assert.deepEqual(closed, ['b']);
    second.open();
    await other;
    assert.deepEqual(closed, ['b', 'a']);
  });
});

describe('opening', () => {
  test('is shared by requests that wait for the same model, and continues if the first one is cancelled', async (t) => {
    const { store, use, opened } = watchedStore(t);
    const controller = new AbortController();
    const news: Progress[] = [];
    const begun = new Run<Progress>(controller.signal, (progress) => news.push(progress));
    const cancelled = store.use(a, begun, async () => assert.fail('it was cancelled'));
    const waiting = use(a, () => 'answer');
    controller.abort();
    await assert.rejects(cancelled, { code: 'cancelled' });
    assert.equal(await waiting, 'answer');
    assert.deepEqual(opened, ['a']);
    assert.deepEqual(news, [{ stage: 'loading', done: 0, total: null }]);
  });

  test('that failed is tried again', async (t) => {
    const { use, opened } = watchedStore(t);
    const late = path.join(home, 'late');
    const both = await Promise.allSettled([use(late), use(late)]);
    assert.deepEqual(
      both.map((one) => one.status === 'rejected' && one.reason.code),
      ['model-folder-missing', 'model-folder-missing'],
    );
    assert.deepEqual(opened, ['late']);
    folderOf('late');
    assert.equal(await use(late, (model) => model.config.width), size.width);
    assert.deepEqual(opened, ['late', 'late']);
  });
});

test('a model whose weights were replaced is opened again, while work with the old one may finish', async (t) => {
  const { use, opened, closed } = watchedStore(t);
  const folder = folderOf('replaced', 1);
  const hash = (model: Gpt2) => model.checkpoint.fingerprint.of(Run.detached());
  const before = await use(folder, hash);
  const { open, opened: done } = gate();
  const working = use(folder, () => done);
  fs.rmSync(path.join(folder, 'model.safetensors'));
  folderOf('replaced', 2);
  assert.notEqual(await use(folder, hash), before);
  assert.deepEqual([opened, closed], [['replaced', 'replaced'], []]);
  open();
  await working;
  assert.deepEqual(closed, ['replaced']);
  await use(folder);
  assert.deepEqual(opened, ['replaced', 'replaced'], 'the new one is kept');
});

test('closing a model does not wait for the hash of its file', async (t) => {
  const { store, use } = watchedStore(t);
  // 19 MB: the hash reads it in several slices.
  const folder = writeCheckpoint(path.join(home, 'large'), { ...size, layers: 6, width: 256 });
  let read = (): string | null => 'none was opened';
  await use(folder, ({ checkpoint: { fingerprint } }) => {
    read = () => fingerprint.known;
  });
  await store.dispose();
  assert.equal(read(), null);
});

test('a model is opened again once any of its files has changed', async (t) => {
  const { use, opened } = watchedStore(t);
  const folder = folderOf('edited');
  const file = (name: string) => path.join(folder, name);
  const rewrite = (name: string, change: (json: Record<string, unknown>) => void) => {
    const json = JSON.parse(fs.readFileSync(file(name), 'utf8'));
    change(json);
    fs.writeFileSync(file('new'), JSON.stringify(json, null, 1));
    fs.renameSync(file('new'), file(name));
  };
  await use(folder);
  rewrite('tokenizer.json', () => {});
  await use(folder);
  assert.equal(opened.length, 2);
  rewrite('config.json', (config) => {
    config.layer_norm_epsilon = 0.25;
  });
  assert.equal(await use(folder, (model) => model.config.layerNormEpsilon), 0.25);
  assert.equal(opened.length, 3);
  await use(folder);
  assert.equal(opened.length, 3);
});
