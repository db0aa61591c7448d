import {
  FilePermission,
  l10n,
  Selection,
  type TextDocument,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import type { GenerateParams } from '../../protocol/engine.ts';
import type { Activity } from '../activity.ts';
import type { EngineClient } from '../engine/client.ts';
import { modelText } from '../explain/request.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';
import { takeSnapshot } from '../text/snapshot.ts';
import { type Interruption, StreamWriter } from './streamWriter.ts';

/** `Whytoken: Generate`: a continuation, written at the cursor or behind the selection while it comes. */
export class Generator {
  readonly #engine: EngineClient;
  readonly #activity: Activity;
  readonly #settings: Settings;
  readonly #problems: Problems;

  constructor(engine: EngineClient, activity: Activity, settings: Settings, problems: Problems) {
    this.#engine = engine;
    this.#activity = activity;
    this.#settings = settings;
    this.#problems = problems;
  }

  async generate(): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor) {
      this.#problems.note(l10n.t('Open a text and put the cursor where the continuation should begin.'));
      return;
    }
    try {
      if (await isReadOnly(editor.document)) this.#problems.note(interruptionText('read-only'));
      else await this.#stream(editor);
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async #stream(editor: TextEditor): Promise<void> {
    const { end } = editor.selection;
    const params = this.#params(editor);
    editor.selection = new Selection(end, end);
    await this.#activity.run('generate', async (source, report) => {
      const writer = new StreamWriter(editor, editor.document.offsetAt(end), (why) => {
        source.cancel();
        this.#problems.note(interruptionText(why));
      });
      try {
        const generation = this.#engine.generate(params, {
          cancellation: source.token,
          onProgress: (progress) => {
            report(progress);
            if (progress.partial) writer.push(progress.partial.text);
          },
        });
        // What came before a cancellation or a failure is kept, as one undo step too.
        await generation.finally(() => writer.finish());
        if (!source.token.isCancellationRequested) {
          this.#problems.note(l10n.t('Generated with seed {0}.', params.seed));
        }
      } finally {
        writer.dispose();
      }
    });
  }

  #params({ document, selection }: TextEditor): GenerateParams {
    const get = <K extends Parameters<Settings['get']>[0]>(name: K) => this.#settings.get(name, document);
    const range = { start: document.offsetAt(selection.start), end: document.offsetAt(selection.end) };
    const { text } = takeSnapshot(document.getText(), range, selection.isEmpty ? 'document' : get('context'));
    return {
      ...modelText(text, document, this.#settings),
      sequences: 1,
      maxTokens: get('generation.maxTokens'),
      temperature: get('generation.temperature'),
      topK: get('generation.topK'),
      topP: get('generation.topP'),
      seed: get('generation.seed') ?? Math.floor(Math.random() * 2 ** 32),
    };
  }
}

/** As far as it can be known beforehand; a window's own read-only mode shows when the first edit does nothing. */
async function isReadOnly({ uri, isUntitled }: TextDocument): Promise<boolean> {
  if (isUntitled) return false;
  if (workspace.fs.isWritableFileSystem(uri.scheme) === false) return true;
  if (uri.scheme !== 'file') return false;
  const stat = await workspace.fs.stat(uri).then(undefined, () => null);
  return stat?.permissions === FilePermission.Readonly;
}

function interruptionText(why: Interruption): string {
  return {
    changed: l10n.t(
      'Generating stopped, because the text was changed meanwhile. Everything that was written stays.',
    ),
    closed: l10n.t('Generating stopped, because the editor was closed or hidden.'),
    'read-only': l10n.t('This editor is read-only, so nothing can be generated into it.'),
  }[why];
}
