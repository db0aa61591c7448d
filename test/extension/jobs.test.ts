import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Job } from '../../src/host/jobs.ts';
import type { Progress } from '../../src/protocol/engine.ts';
import { explanationOf, generationOf } from './fakeEngine.ts';
import { openText, select, settle, until, useParts } from './parts.ts';

const half: Progress<never> = { stage: 'explaining', done: 1, total: 2 };

describe('Jobs', () => {
  const parts = useParts();

  /** Begins a job that ends when the test says so. */
  function begin(name: string, kind: Job['kind'] = 'explain') {
    const { promise, resolve } = Promise.withResolvers<void>();
    let source!: vscode.CancellationTokenSource;
    let report!: (progress: Progress<unknown>) => void;
    const run = parts.jobs.run({ name, kind, title: `Doing ${name}` }, (...given) => {
      [source, report] = given;
      return promise;
    });
    const end = async () => {
      resolve();
      await run;
    };
    return { end, report, isCancelled: () => source.token.isCancellationRequested };
  }

  const names = () => parts.jobs.running.map(({ name }) => name);

  test('go on beside each other, the newest first, each with its own progress', async () => {
    const first = begin('a');
    const second = begin('b', 'generate');
    assert.deepEqual(names(), ['b', 'a']);
    first.report(half);
    assert.deepEqual(
      parts.jobs.running.map(({ progress }) => progress),
      [null, half],
    );
    await first.end();
    assert.deepEqual(names(), ['b']);
    assert.equal(second.isCancelled(), false);
    await second.end();
    assert.deepEqual(names(), []);
  });

  test('a new one replaces the one of its name, whose progress is no longer shown', async () => {
    const [older, other] = [begin('a'), begin('b')];
    const newer = begin('a');
    assert.deepEqual([older.isCancelled(), other.isCancelled(), newer.isCancelled()], [true, false, false]);
    assert.deepEqual(names(), ['a', 'b']);
    older.report(half);
    assert.equal(parts.jobs.running[0]!.progress, null);
    await older.end();
    assert.deepEqual(names(), ['a', 'b'], 'the end of the older one is not that of the newer');
    await Promise.all([newer.end(), other.end()]);
  });

  test('Escape cancels the newest, then the one before', async () => {
    const [older, newer] = [begin('a'), begin('b')];
    parts.jobs.cancel();
    assert.deepEqual([older.isCancelled(), newer.isCancelled()], [false, true]);
    newer.report(half);
    assert.deepEqual(names(), ['a']);
    parts.jobs.cancel();
    assert.equal(older.isCancelled(), true);
    parts.jobs.cancel();
    await Promise.all([older.end(), newer.end()]);
  });

  test('a failed job is removed and says why', async () => {
    const job: Job = { name: 'a', kind: 'explain', title: 'Doing' };
    const run = parts.jobs.run(job, () => Promise.reject(new Error('It failed.')));
    await assert.rejects(run, /It failed/);
    assert.deepEqual(names(), []);
  });

  test('the context key says whether there is any', async () => {
    const { executeCommand } = vscode.commands;
    const said: unknown[] = [];
    vscode.commands.executeCommand = async (command: string, ...[key, value]: unknown[]) => {
      if (command === 'setContext' && key === 'whytoken.running') said.push(value);
      return undefined as never;
    };
    try {
      const [first, second] = [begin('a'), begin('b')];
      const again = begin('a');
      await Promise.all([first.end(), second.end()]);
      assert.deepEqual(said, [true]);
      parts.jobs.cancel();
      assert.deepEqual(said, [true, false], 'at once, not when its work has ended');
      await again.end();
      const last = begin('c');
      parts.jobs.dispose();
      assert.ok(last.isCancelled());
      assert.deepEqual(said, [true, false, true, false]);
      await last.end();
    } finally {
      vscode.commands.executeCommand = executeCommand;
    }
  });

  test('one explanation per document, and texts generated beside it', async () => {
    const { engine, explainer, generator, texts } = parts;
    const [one, other] = [await openText('The capital of France is'), await openText('One two three')];
    const ask = async (editor: vscode.TextEditor, selected: string) => {
      const shown = await vscode.window.showTextDocument(editor.document);
      select(shown, selected);
      const run = explainer.explainSelection();
      await settle();
      return { run, request: engine.explained.at(-1)! };
    };
    const isCancelled = ({ request }: Awaited<ReturnType<typeof ask>>) =>
      request.options.cancellation?.isCancellationRequested;
    const first = await ask(one, 'capital of');
    const second = await ask(other, 'One two');
    assert.deepEqual([isCancelled(first), isCancelled(second)], [false, false]);
    const third = await ask(one, 'France is');
    assert.deepEqual([isCancelled(first), isCancelled(second), isCancelled(third)], [true, false, false]);
    const generation = generator.generate();
    await until(() => engine.generated.length === 1);
    assert.match(parts.statusItem.text, /Generating… \(and 2 more\)/);
    engine.generated[0]!.resolve(generationOf(' near'));
    await generation;
    assert.match(parts.statusItem.text, /Explaining… \(and 1 more\)/);
    for (const { run, request } of [second, third]) {
      request.resolve(explanationOf(request.params));
      await run;
    }
    const shown = ({ document }: vscode.TextEditor) => document.getText(texts.of(document)!.range);
    assert.deepEqual([shown(one), shown(other)], ['France is', 'One two']);
  });

  test('an answer about another text does not replace what is looked at', async () => {
    const { engine, explainer, texts } = parts;
    const one = await openText('The capital of France is');
    select(one, 'France is');
    const early = explainer.explainSelection();
    await settle();
    const other = await openText('One two three');
    select(other, 'One two');
    const late = explainer.explainSelection();
    await settle();
    const [first, second] = engine.explained;
    second!.resolve(explanationOf(second!.params));
    await late;
    first!.resolve(explanationOf(first!.params));
    await early;
    assert.equal(texts.current?.document, other.document);
    assert.ok(texts.of(one.document));
  });
});
