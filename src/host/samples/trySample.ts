import {
  commands,
  env,
  Range,
  Selection,
  TabInputText,
  type TextDocument,
  type TextEditor,
  Uri,
  ViewColumn,
  WorkspaceEdit,
  window,
  workspace,
} from 'vscode';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { Explainer } from '../explain/explainer.ts';
import type { Generator } from '../generate/generator.ts';
import type { OverlayCommands } from '../overlay/overlayCommands.ts';
import type { Overlays } from '../overlay/overlays.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';
import { type Sample, type SampleName, samples } from './samples.ts';

export interface SampleNeeds {
  /** The extension's folder, and the one that it may write to. */
  extension: Uri;
  storage: Uri;
  explainer: Explainer;
  generator: Generator;
  overlayCommands: OverlayCommands;
  overlays: Overlays;
  texts: ExplainedTexts;
  settings: Settings;
  problems: Problems;
}

/** What the walkthrough's buttons do: opens a sample as it comes, selects its text and shows something on it. */
export async function trySample(name: unknown, needs: SampleNeeds): Promise<void> {
  if (!isSampleName(name)) throw new Error(`There is no sample ${JSON.stringify(name)}.`);
  const sample: Sample = samples[name];
  try {
    const document = await openFresh(sample.file, needs);
    const editor = await window.showTextDocument(document, {
      viewColumn: columnOf(document),
      preview: false,
    });
    await show(sample, editor, needs);
  } catch (error) {
    needs.problems.report(error);
  }
}

const isSampleName = (name: unknown): name is SampleName =>
  typeof name === 'string' && Object.hasOwn(samples, name);

async function show(
  { text, shows, next }: Sample,
  editor: TextEditor,
  { explainer, generator, overlayCommands, overlays, texts, settings }: SampleNeeds,
): Promise<void> {
  const { document } = editor;
  const start = document.getText().indexOf(text);
  const range = new Range(document.positionAt(start), document.positionAt(start + text.length));
  editor.selection = new Selection(shows === 'explanation' ? range.start : range.end, range.end);
  editor.revealRange(range);
  if (shows === 'surprisal' || shows === 'attention') overlays.show(document, shows);
  else if (shows === 'generation') await generator.generate({ temperature: 0 });
  else if (shows === 'token') await explainer.explainToken({ document, offset: start });
  else if (shows === 'live') {
    if (!settings.get('live', document)) await overlayCommands.toggleLive();
    await explainer.explainLive(editor);
  } else await explainer.explainSelection();
  if (next && texts.of(document)) await commands.executeCommand(`whytoken.${next}`);
}

/** A copy that a person may write in. What they wrote in it before can be undone back. */
async function openFresh(file: string, { extension, storage }: SampleNeeds): Promise<TextDocument> {
  const language = env.language.toLowerCase() === 'zh-cn' ? 'zh-cn' : 'en';
  const content = await workspace.fs.readFile(Uri.joinPath(extension, 'samples', language, file));
  const uri = Uri.joinPath(storage, 'samples', file);
  const isOpen = workspace.textDocuments.some((open) => open.uri.toString() === uri.toString());
  if (!isOpen) await workspace.fs.writeFile(uri, content);
  const document = await workspace.openTextDocument(uri);
  const text = new TextDecoder().decode(content);
  if (document.getText() !== text) {
    const edit = new WorkspaceEdit();
    edit.replace(uri, new Range(0, 0, document.lineCount, 0), text);
    await workspace.applyEdit(edit);
  }
  if (document.isDirty) await document.save();
  return document;
}

/** Where the sample is already, else where texts are: the walkthrough, from which it is asked for, stays in sight. */
function columnOf(document: TextDocument): ViewColumn {
  const { activeTabGroup, all } = window.tabGroups;
  const showsText = ({ activeTab }: typeof activeTabGroup) =>
    !activeTab || activeTab.input instanceof TabInputText;
  const has = all.find(({ tabs }) =>
    tabs.some(
      ({ input }) => input instanceof TabInputText && input.uri.toString() === document.uri.toString(),
    ),
  );
  const place = has ?? (showsText(activeTabGroup) ? activeTabGroup : all.find(showsText));
  return place?.viewColumn ?? ViewColumn.Beside;
}
