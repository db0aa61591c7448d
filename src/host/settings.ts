import { homedir } from 'node:os';
import paths from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import {
  type ConfigurationScope,
  ConfigurationTarget,
  type LogOutputChannel,
  type WorkspaceConfiguration,
  workspace,
} from 'vscode';
import { EngineError } from '../protocol/errors.ts';
import { issueForLog } from '../protocol/issueForLog.ts';
import { limits } from '../protocol/limits.ts';
import { type MethodOptionName, methodId, methodOptionNames, methodOptions } from '../protocol/methods.ts';
import { baselines, objectives } from '../protocol/objectives.ts';
import { granularities } from '../text/granularity.ts';
import { homePath } from './homePath.ts';
import { section } from './names.ts';

export { section };

const positiveInteger = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

type Options = typeof methodOptions;

/** Of the options of methods those that have a setting, by its name. */
const methodSettings = Object.fromEntries(
  methodOptionNames.flatMap((name) => {
    const { setting, schema } = methodOptions[name];
    return setting === null ? [] : [[setting, schema]];
  }),
) as { [N in MethodOptionName as NonNullable<Options[N]['setting']>]: Options[N]['schema'] };

/** By the names of the manifest, which also has the defaults. */
const schemas = {
  'model.path': v.string(),
  bos: v.boolean(),
  context: v.picklist(['document', 'selection']),
  trimSelection: v.boolean(),
  method: methodId,
  objective: v.picklist(objectives),
  baseline: v.picklist(baselines),
  ...methodSettings,
  evidence: v.boolean(),
  intensity: v.pipe(v.number(), v.minValue(0.25), v.maxValue(4)),
  style: v.picklist(['color', 'underline']),
  granularity: v.picklist(granularities),
  pictures: v.boolean(),
  'surprisal.scale': v.picklist(['rank', 'bits']),
  'attention.view': v.picklist(['mean', 'rollout', 'layer', 'head']),
  'attention.layer': v.pipe(v.number(), v.integer(), v.minValue(0)),
  'attention.head': v.pipe(v.number(), v.integer(), v.minValue(0)),
  'attention.withoutFirst': v.boolean(),
  hover: v.picklist(['explained', 'always', 'never']),
  stride: v.union([v.literal('auto'), positiveInteger(limits.stride)]),
  live: v.boolean(),
  'generation.candidates': positiveInteger(limits.sequences),
  'generation.temperature': v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  'generation.topK': v.pipe(v.number(), v.integer(), v.minValue(0)),
  'generation.topP': v.pipe(v.number(), v.gtValue(0), v.maxValue(1)),
  'generation.repetitionPenalty': v.pipe(v.number(), v.minValue(0.1), v.maxValue(10)),
  'generation.stop': v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(256))), v.maxLength(16)),
  'generation.maxTokens': positiveInteger(limits.generatedTokens),
  'generation.seed': v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff_ffff))),
  'inlineCompletion.enabled': v.boolean(),
} as const;

export type SettingName = keyof typeof schemas;
export type Setting<K extends SettingName> = v.InferOutput<(typeof schemas)[K]>;

/**
 * The settings for one document, or for the window if there is no document. A setting with a wrong value is logged, and
 * its default is used.
 */
export class Settings {
  /** The folder of the model that is used where none is set. */
  readonly bundledModel: string;
  readonly #log: LogOutputChannel;

  constructor(bundledModel: string, log: LogOutputChannel) {
    this.bundledModel = bundledModel;
    this.#log = log;
  }

  get<K extends SettingName>(name: K, scope: ConfigurationScope | undefined): Setting<K> {
    const configuration = workspace.getConfiguration(section, scope);
    const parsed = v.safeParse(schemas[name], configuration.get(name));
    if (parsed.success) return parsed.output as Setting<K>;
    this.#log.warn(`${section}.${name}: ${issueForLog(parsed.issues[0])}; the default is used.`);
    return defaultOf(configuration, name);
  }

  /**
   * Where it is set for the document already, else for the person.
   * @throws EngineError `setting-not-written`; `setting-overruled` where it does not come into force by that
   */
  async set<K extends SettingName>(
    name: K,
    value: Setting<K>,
    scope: ConfigurationScope | undefined,
  ): Promise<void> {
    const { WorkspaceFolder, Workspace, Global } = ConfigurationTarget;
    const target = [WorkspaceFolder, Workspace].find((one) => isSetAt(one, name, scope)) ?? Global;
    await write(name, value, target, scope);
    const inForce: unknown = workspace.getConfiguration(section, scope).get(name);
    if (!isDeepStrictEqual(inForce, value))
      throw new EngineError('setting-overruled', { setting: `${section}.${name}` });
  }

  /** Takes it away wherever it is set, also for the folders of the workspace. @throws EngineError `setting-not-written` */
  async reset(name: SettingName): Promise<void> {
    const { WorkspaceFolder, Workspace, Global } = ConfigurationTarget;
    const folders = workspace.workspaceFolders ?? [];
    for (const { uri } of folders)
      if (isSetAt(WorkspaceFolder, name, uri)) await write(name, undefined, WorkspaceFolder, uri);
    for (const target of [Workspace, Global])
      if (isSetAt(target, name, undefined)) await write(name, undefined, target, undefined);
  }

  /** The options of all methods that have a setting. */
  methodOptions(scope: ConfigurationScope | undefined): Partial<Record<MethodOptionName, unknown>> {
    return Object.fromEntries(
      methodOptionNames.flatMap((name) => {
        const { setting } = methodOptions[name];
        return setting === null ? [] : [[name, this.get(setting, scope)]];
      }),
    );
  }

  /** The checkpoint's folder; a leading `~` is the home folder. */
  modelDir(scope: ConfigurationScope | undefined): string {
    const path = this.get('model.path', scope).trim();
    if (path === '') return this.bundledModel;
    return homePath(path, homedir(), paths);
  }
}

function isSetAt(
  target: ConfigurationTarget,
  name: SettingName,
  scope: ConfigurationScope | undefined,
): boolean {
  const set = workspace.getConfiguration(section, scope).inspect(name);
  if (target === ConfigurationTarget.WorkspaceFolder) return set?.workspaceFolderValue !== undefined;
  if (target === ConfigurationTarget.Workspace) return set?.workspaceValue !== undefined;
  return set?.globalValue !== undefined;
}

/** @throws EngineError `setting-not-written` */
async function write(
  name: SettingName,
  value: unknown,
  target: ConfigurationTarget,
  scope: ConfigurationScope | undefined,
): Promise<void> {
  try {
    await workspace.getConfiguration(section, scope).update(name, value, target);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('setting-not-written', { setting: `${section}.${name}`, reason }, { cause: error });
  }
}

function defaultOf<K extends SettingName>(configuration: WorkspaceConfiguration, name: K): Setting<K> {
  return v.parse(schemas[name], configuration.inspect(name)?.defaultValue) as Setting<K>;
}
