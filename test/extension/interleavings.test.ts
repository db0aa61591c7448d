/**
 * Edits, undo, questions and late answers in random order. The judge knows nothing of ranges, versions or offsets: every
 * word of the document is written once in the whole test, so a colour on a word that its answer did not speak of is
 * seen from the text alone.
 */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RequestOptions } from '../../src/host/engine/client.ts';
import type {
  AttendParams,
  ContextProbeParams,
  ExplainParams,
  ScoreParams,
} from '../../src/protocol/engine.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import type { Explanation, PartialContextProbe, TokenScore } from '../../src/protocol/results.ts';
import { explanationOf, FakeEngine, probeOf, rowsOf, scoresOf } from './fakeEngine.ts';
import { openText, replace, settle, useParts } from './parts.ts';

const steps = 10_000;

interface Pending {
  cancelled: boolean;
  answer(): void;
}

/** Answers when it is told to, in any order, and remembers which words its answers spoke of. */
class LateEngine extends FakeEngine {
  readonly waiting: Pending[] = [];
  readonly told = {
    attribution: new Set<string>(),
    surprisal: new Set<string>(),
    attention: new Set<string>(),
    context: new Set<string>(),
  };

  override score(params: ScoreParams, options: RequestOptions<TokenScore[]>) {
    return this.#later(() => {
      const scores = scoresOf(params);
      for (const { text } of scores.tokens) this.told.surprisal.add(text);
      return scores;
    }, options.cancellation);
  }

  override attend(params: AttendParams, options: RequestOptions) {
    return this.#later(() => {
      const rows = rowsOf(params);
      for (const { text } of rows.tokens) this.told.attention.add(text);
      return rows;
    }, options.cancellation);
  }

  override contextProbe(params: ContextProbeParams, options: RequestOptions<PartialContextProbe>) {
    return this.#later(() => {
      const probe = probeOf(params);
      const { span } = probe.target;
      for (const { start, end } of [...probe.tokens, ...(span ? [span] : [])]) {
        this.told.context.add(params.text.slice(Math.max(start, params.range.start), end));
        this.told.context.add(params.text.slice(start, end));
      }
      return probe;
    }, options.cancellation);
  }

  explanationOf(params: ExplainParams): Explanation {
    const explanation = explanationOf(params);
    // What a first token has in common with the context in front is not coloured.
    const from = params.range.start;
    for (const { start, end } of explanation.tokens) {
      this.told.attribution.add(params.text.slice(Math.max(start, from), end));
    }
    const { span } = explanation.target;
    if (span) this.told.attribution.add(params.text.slice(span.start, span.end));
    return explanation;
  }

  #later<T>(make: () => T, cancellation: vscode.CancellationToken | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const pending = { cancelled: false, answer: () => resolve(make()) };
      cancellation?.onCancellationRequested(() => {
        pending.cancelled = true;
        reject(new EngineError('cancelled'));
      });
      this.waiting.push(pending);
    });
  }
}

describe('Interleavings', () => {
  const parts = useParts(() => new LateEngine());

  test(`no colour on a wrong word in ${steps.toLocaleString('en')} random edits, questions and answers`, async function () {
    this.timeout(600_000);
    const random = seeded(20261122);
    const words = newWords();
    const editor = await openText(words(8));
    const seen = { attribution: 0, surprisal: 0, attention: 0, context: 0 };
    for (let step = 0; step < steps; step++) {
      await act(editor, random, words);
      judge(editor, seen);
    }
    // It is asked for less often, as only a command asks.
    const least = { attribution: 1000, surprisal: 1000, attention: 1000, context: 100 };
    for (const [overlay, count] of Object.entries(seen) as [keyof typeof least, number][])
      assert.ok(count > least[overlay], `${overlay}: ${count} colours`);
  });

  async function act(editor: vscode.TextEditor, random: Random, words: Words): Promise<void> {
    const { length } = editor.document.getText();
    const kind = random(16);
    if (kind < 5) return edit(editor, random, words);
    if (kind < 7) await vscode.commands.executeCommand(random(2) ? 'undo' : 'redo');
    else if (kind < 9) ask(editor, random);
    else if (kind < 11)
      parts.overlays.show(editor.document, (['surprisal', 'attention'] as const)[random(2)]!);
    else if (kind === 12 && random(4) === 0) parts.overlays.show(editor.document, 'context');
    else if (kind === 11) {
      const position = editor.document.positionAt(random(length + 1));
      editor.selection = new vscode.Selection(position, position);
    } else answer(random);
    if (random(4) === 0) await settle(random(2) * 30);
    if (length > 400) await replace(editor, 0, length - 100, '');
  }

  function ask(editor: vscode.TextEditor, random: Random): void {
    const { document } = editor;
    const [a, b] = [random(document.getText().length + 1), random(document.getText().length + 1)];
    editor.selection = new vscode.Selection(
      document.positionAt(Math.min(a, b)),
      document.positionAt(Math.max(a, b)),
    );
    void (random(3) === 0 ? parts.explainer.explainToken() : parts.explainer.explainSelection());
  }

  function answer(random: Random): void {
    const request = parts.engine.explained[random(parts.engine.explained.length + 1)];
    if (request && random(3) === 0) {
      const partial = { ...parts.engine.explanationOf(request.params), refining: true };
      if (!request.options.cancellation?.isCancellationRequested) {
        request.options.onProgress?.({ stage: 'explaining', done: 1, total: null, partial });
      }
    } else if (request) {
      request.resolve(parts.engine.explanationOf(request.params));
      parts.engine.explained.splice(parts.engine.explained.indexOf(request), 1);
    }
    const waiting = parts.engine.waiting.splice(0).filter(({ cancelled }) => !cancelled);
    const next = waiting[random(waiting.length)];
    next?.answer();
    parts.engine.waiting.push(...waiting.filter((one) => one !== next));
  }

  function judge({ document }: vscode.TextEditor, seen: Record<string, number>): void {
    const overlay = parts.overlays.of(document);
    const editor = vscode.window.activeTextEditor!;
    const { tokens, target, query } = parts.overlays.marks(editor);
    for (const range of [
      ...tokens.map((mark) => mark.range),
      ...[target, query].filter((one) => one !== null),
    ]) {
      const text = document.getText(range);
      assert.ok(parts.engine.told[overlay!].has(text), `${overlay}: ${JSON.stringify(text)}`);
      if (text.trim() !== '') seen[overlay!]!++;
    }
  }
});

type Random = (below: number) => number;
type Words = (count: number) => string;

async function edit(editor: vscode.TextEditor, random: Random, words: Words): Promise<void> {
  const { length } = editor.document.getText();
  const start = random(length + 1);
  const end = Math.min(length, start + random(6));
  await replace(editor, start, end, ['', words(1), ` ${words(2)}`, '\n', `${words(1)} `][random(5)]!);
}

/** Words of two characters that no other word has. */
function newWords(): Words {
  let next = 0;
  const word = () => String.fromCodePoint(0x4e00 + (next++ % 20_000), 0x4e00 + (next++ % 20_000));
  return (count) => Array.from({ length: count }, word).join(' ');
}

/** A linear congruential generator (Numerical Recipes), so that a failure can be repeated. */
function seeded(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
