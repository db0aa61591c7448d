import { type Disposable, EventEmitter, l10n, ProgressLocation, type Uri, window, workspace } from 'vscode';
import { visible } from '../text/visible.ts';
import type { EngineClient } from './engine/client.ts';
import { modelName } from './modelName.ts';
import type { Problems } from './problems.ts';
import type { Settings } from './settings.ts';

/**
 * `Whytoken: Choose Model Folder`, and back to the bundled one: the setting `model.path`, set only to what the inference
 * process can read.
 */
export class ModelFolder implements Disposable {
  readonly #engine: EngineClient;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #taken = new EventEmitter<void>();

  /** A model was read, and is used from now on. */
  readonly onDidTake = this.#taken.event;

  constructor(engine: EngineClient, settings: Settings, problems: Problems) {
    this.#engine = engine;
    this.#settings = settings;
    this.#problems = problems;
  }

  dispose(): void {
    this.#taken.dispose();
  }

  async choose(): Promise<void> {
    const chosen = await window.showOpenDialog({
      title: l10n.t('A folder with config.json, model.safetensors and a tokenizer'),
      openLabel: l10n.t('Use This Model'),
      canSelectFolders: true,
      canSelectFiles: false,
    });
    if (chosen?.[0]) await this.use(chosen[0]);
  }

  async use(folder: Uri): Promise<void> {
    try {
      const { name } = await window.withProgress(
        { location: ProgressLocation.Notification, title: l10n.t('Reading the model…'), cancellable: true },
        (_, cancellation) =>
          this.#engine.load({ modelDir: folder.fsPath }, { lane: 'chooseModelFolder', cancellation }),
      );
      await this.#settings.set('model.path', folder.fsPath, window.activeTextEditor?.document);
      this.#taken.fire();
      const others = this.#foldersWithout(folder.fsPath);
      this.#problems.note(
        others === null
          ? l10n.t('The model {0} is used from now on.', visible(name))
          : l10n.t(
              'The model {0} is used from now on, but not in {1}: the settings there name another one.',
              ...[visible(name), others],
            ),
      );
    } catch (error) {
      this.#problems.report(error);
    }
  }

  /** In every place where another one is set. */
  async useBundled(): Promise<void> {
    try {
      await this.#settings.reset('model.path');
      this.#problems.note(l10n.t('The model {0} is used from now on.', modelName(undefined)));
    } catch (error) {
      this.#problems.report(error);
    }
  }

  /** The folders of the workspace in which another model counts, by name; null if there is none. */
  #foldersWithout(modelDir: string): string | null {
    const others = (workspace.workspaceFolders ?? [])
      .filter(({ uri }) => this.#settings.modelDir(uri) !== modelDir)
      .map(({ name }) => visible(name));
    return others.length === 0 ? null : others.join(', ');
  }
}
