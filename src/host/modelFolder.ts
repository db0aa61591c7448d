import {
  ConfigurationTarget,
  type Disposable,
  EventEmitter,
  l10n,
  ProgressLocation,
  type Uri,
  window,
  workspace,
} from 'vscode';
import { visible } from '../text/visible.ts';
import type { EngineClient } from './engine/client.ts';
import { modelName } from './modelName.ts';
import type { Problems } from './problems.ts';
import { section } from './settings.ts';

/** `Whytoken: Choose Model Folder`: the setting `model.path`, set only to what the inference process can read. */
export class ModelFolder implements Disposable {
  readonly #engine: EngineClient;
  readonly #problems: Problems;
  readonly #taken = new EventEmitter<void>();

  /** A model was read, and is used from now on. */
  readonly onDidTake = this.#taken.event;

  constructor(engine: EngineClient, problems: Problems) {
    this.#engine = engine;
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
      await setPath(folder.fsPath);
      this.#taken.fire();
      this.#problems.note(l10n.t('The model {0} is used from now on.', visible(name)));
    } catch (error) {
      this.#problems.report(error);
    }
  }
}

/** In every place where another one is set. */
export async function useBundledModel(problems: Problems): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const set = configuration.inspect('model.path');
  if (set?.workspaceValue !== undefined)
    await configuration.update('model.path', undefined, ConfigurationTarget.Workspace);
  if (set?.globalValue !== undefined)
    await configuration.update('model.path', undefined, ConfigurationTarget.Global);
  problems.note(l10n.t('The model {0} is used from now on.', modelName(undefined)));
}

/** If the workspace has a model of its own, that one counts. */
async function setPath(path: string): Promise<void> {
  const configuration = workspace.getConfiguration(section);
  const isOwn = configuration.inspect('model.path')?.workspaceValue !== undefined;
  const target = isOwn ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await configuration.update('model.path', path, target);
}
