/** The extension's parts around a fake engine, and an editor to use them in. */
import * as vscode from 'vscode';
import { Activity } from '../../src/host/activity.ts';
import { AnswerThread } from '../../src/host/answer/answerThread.ts';
import { ExplainedTexts } from '../../src/host/explain/explainedTexts.ts';
import { Explainer } from '../../src/host/explain/explainer.ts';
import { Stopwatch } from '../../src/host/explain/stopwatch.ts';
import { GeneratedTexts } from '../../src/host/generate/generatedTexts.ts';
import { Generator } from '../../src/host/generate/generator.ts';
import { TokenHover } from '../../src/host/hover/tokenHover.ts';
import { Live } from '../../src/host/live/live.ts';
import { AttentionOverlay } from '../../src/host/overlay/attention.ts';
import { AttributionOverlay } from '../../src/host/overlay/attribution.ts';
import { followExplanations } from '../../src/host/overlay/followExplanations.ts';
import { OverlayCommands } from '../../src/host/overlay/overlayCommands.ts';
import { Overlays } from '../../src/host/overlay/overlays.ts';
import { SurprisalOverlay } from '../../src/host/overlay/surprisal.ts';
import { Painter } from '../../src/host/paint/painter.ts';
import { Problems } from '../../src/host/problems.ts';
import { ScoredDocuments } from '../../src/host/score/scoredDocuments.ts';
import { Settings } from '../../src/host/settings.ts';
import { explanationOf, FakeEngine } from './fakeEngine.ts';

export function makeParts(engine = new FakeEngine()) {
  const log = vscode.window.createOutputChannel('Whytoken test', { log: true });
  const settings = new Settings('/bundled', log);
  const problems = new Problems(log);
  const activity = new Activity();
  const stopwatch = new Stopwatch(log);
  const texts = new ExplainedTexts();
  const scored = new ScoredDocuments(engine, settings, problems);
  const attribution = new AttributionOverlay(texts, settings);
  const overlays = new Overlays([
    attribution,
    new SurprisalOverlay(scored, settings),
    new AttentionOverlay(engine, settings, problems),
  ]);
  const follow = followExplanations(texts, overlays);
  const painter = new Painter(overlays, settings);
  const explainer = new Explainer(engine, texts, activity, settings, problems, stopwatch, scored);
  const generated = new GeneratedTexts();
  const generator = new Generator(engine, generated, activity, settings, problems);
  const answers = new AnswerThread(texts, problems);
  const live = new Live(explainer, overlays, activity, settings);
  const overlayCommands = new OverlayCommands(overlays, texts, explainer, engine, settings, problems);
  const hover = new TokenHover(texts, scored, generated, overlays, attribution, settings);
  const notes: string[] = [];
  problems.onDidNote((note) => notes.push(note));
  const dispose = () => {
    const owned = [
      ...[generator, live, answers, explainer, painter, follow, overlays, scored, texts, generated],
      ...[activity, problems, log],
    ];
    for (const part of owned) part.dispose();
  };
  return {
    ...{
      log,
      engine,
      settings,
      problems,
      generated,
      activity,
      texts,
      scored,
      overlays,
      explainer,
      generator,
      answers,
      live,
    },
    ...{ overlayCommands, hover, notes, stopwatch, dispose },
  };
}

export type Parts = ReturnType<typeof makeParts>;

/** What VS Code keeps for a workspace. */
export function fakeState(): vscode.Memento {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => structuredClone(kept.get(key)) as never,
    update: async (key: string, value: unknown) => void kept.set(key, structuredClone(value)),
  };
}

/**
 * An untitled text. Names come again, and where VS Code has not yet thrown away the backup of the text that had the name
 * before, it brings that one back: then it is closed, and opened once more.
 */
export async function openText(content: string, language = 'plaintext'): Promise<vscode.TextEditor> {
  const isAsked = (document: vscode.TextDocument) => lines(document.getText()) === lines(content);
  const lines = (text: string) => text.split(/\r\n?|\n/).join('\n');
  for (let left = 20; ; left--) {
    const document = await vscode.workspace.openTextDocument({ content, language });
    const editor = await vscode.window.showTextDocument(document);
    if (isAsked(document)) return editor;
    if (left === 1) throw new Error(`There is another text: ${document.getText()}`);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until(() => document.isClosed);
  }
}

export function select(editor: vscode.TextEditor, text: string): void {
  const at = editor.document.getText().indexOf(text);
  const position = (offset: number) => editor.document.positionAt(offset);
  editor.selection = new vscode.Selection(position(at), position(at + text.length));
}

export async function replace(
  editor: vscode.TextEditor,
  start: number,
  end: number,
  text: string,
): Promise<void> {
  const { document } = editor;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  if (!(await editor.edit((edit) => edit.replace(range, text)))) throw new Error('The edit was refused.');
}

/** Lets everything that is due happen, and what is due within so many milliseconds. */
export async function settle(milliseconds = 0): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

export async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await settle(10);
  if (!condition()) throw new Error('What was waited for did not come.');
}

/** Runs something with settings of ours, and takes them back. */
export async function withSettings(
  settings: Record<string, unknown>,
  run: () => Promise<unknown>,
): Promise<void> {
  const update = (name: string, value: unknown) =>
    vscode.workspace.getConfiguration('whytoken').update(name, value, vscode.ConfigurationTarget.Global);
  for (const [name, value] of Object.entries(settings)) await update(name, value);
  try {
    await run();
  } finally {
    for (const name of Object.keys(settings)) await update(name, undefined);
  }
}

/** Explains a part of the editor's text; the engine answers at once. */
export async function explainSelected(
  { explainer, engine }: Pick<Parts, 'explainer' | 'engine'>,
  editor: vscode.TextEditor,
  selected: string,
): Promise<void> {
  select(editor, selected);
  const run = explainer.explainSelection();
  await settle();
  const request = engine.explained.at(-1)!;
  request.resolve(explanationOf(request.params));
  await run;
}

/** Closes all editors without saving, and waits until their documents are gone: names of untitled ones come again. */
export async function closeAll(): Promise<void> {
  while (vscode.window.activeTextEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  const isOpen = () => vscode.workspace.textDocuments.some(({ isUntitled }) => isUntitled);
  for (let i = 0; i < 500 && isOpen(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
}
