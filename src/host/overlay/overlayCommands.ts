import { commands, l10n, type QuickPickItem, QuickPickItemKind, type TextDocument, window } from 'vscode';
import { type Granularity, granularities } from '../../text/granularity.ts';
import type { EngineClient } from '../engine/client.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { Explainer } from '../explain/explainer.ts';
import { isModelSet, modelName } from '../modelName.ts';
import type { Problems } from '../problems.ts';
import type { Setting, SettingName, Settings } from '../settings.ts';
import { viewName } from './attention.ts';
import type { OverlayId } from './overlay.ts';
import type { Overlays } from './overlays.ts';

type Choice = QuickPickItem & { choose: () => unknown };

/** The commands that switch what is shown on the text. */
export class OverlayCommands {
  readonly #overlays: Overlays;
  readonly #texts: ExplainedTexts;
  readonly #explainer: Explainer;
  readonly #engine: EngineClient;
  readonly #settings: Settings;
  readonly #problems: Problems;

  constructor(
    overlays: Overlays,
    texts: ExplainedTexts,
    explainer: Explainer,
    engine: EngineClient,
    settings: Settings,
    problems: Problems,
  ) {
    this.#overlays = overlays;
    this.#texts = texts;
    this.#explainer = explainer;
    this.#engine = engine;
    this.#settings = settings;
    this.#problems = problems;
  }

  /** Shows the overlay on the active editor; the same command again takes it away, unless it asks about something else. */
  async toggle(id: OverlayId): Promise<void> {
    const document = this.#document();
    if (!document) return;
    if (this.#overlays.of(document) === id) {
      if (!this.#overlays.again(document)) this.#overlays.show(document, null);
    } else await this.#show(document, id);
  }

  /** Takes away what the active editor shows; in a panel or a terminal, what was looked at last. */
  clear(): void {
    const document = window.activeTextEditor?.document ?? this.#texts.current?.document;
    if (!document) return;
    this.#overlays.show(document, null);
    this.#texts.clear(document);
  }

  /** What the status item opens. */
  async menu(): Promise<void> {
    const document = window.activeTextEditor?.document;
    const shown = document && this.#overlays.of(document);
    const overlay = (id: OverlayId, label: string, detail: string): Choice => ({
      label: `${shown === id ? '$(check)' : '$(blank)'} ${label}`,
      detail,
      choose: () => document && this.#show(document, id),
    });
    const run = (label: string, command: string): Choice => ({
      label,
      choose: () => commands.executeCommand(command),
    });
    const onText = [
      overlay('attribution', l10n.t('Attribution'), l10n.t('What moved the prediction, and which way')),
      overlay('surprisal', l10n.t('Surprisal'), l10n.t('How unexpected each token is')),
      overlay('attention', l10n.t('Attention'), l10n.t('What the token at the cursor attends to')),
      overlay(
        'context',
        l10n.t('Context length'),
        l10n.t('How the prediction at the cursor changes as its context grows'),
      ),
      { label: l10n.t('Nothing'), choose: () => this.clear() },
      separator(),
      run(l10n.t('Why not another token?'), 'whytoken.whyNot'),
      run(l10n.t('Answer under the line'), 'whytoken.showAnswer'),
      run(l10n.t('Find the smallest edit…'), 'whytoken.findEdit'),
      run(l10n.t('Test by many edits…'), 'whytoken.testEdits'),
      run(l10n.t('Generate at the cursor'), 'whytoken.generate'),
      separator(),
    ];
    // Without a text there is still what needs none.
    const items = [
      ...(document ? onText : [run(l10n.t('Open a sample…'), 'whytoken.getStarted'), separator()]),
      run(l10n.t('Open Explanation Panel'), 'whytoken.openPanel'),
      run(l10n.t('Open Attention Panel'), 'whytoken.openAttention'),
      run(l10n.t('Open Probabilities Panel'), 'whytoken.openProbabilities'),
      run(l10n.t('Open Structure Panel'), 'whytoken.openStructure'),
      separator(),
      run(l10n.t('Granularity…'), 'whytoken.chooseGranularity'),
      ...(document
        ? [
            run(l10n.t('Attention layers and heads…'), 'whytoken.chooseAttention'),
            run(l10n.t('Live explanation on or off'), 'whytoken.toggleLive'),
          ]
        : []),
      separator(),
      {
        ...run(l10n.t('Choose another model…'), 'whytoken.chooseModelFolder'),
        description: modelName(document),
      },
      ...(isModelSet(document) ? [run(l10n.t('Use the Bundled Model'), 'whytoken.useBundledModel')] : []),
    ];
    await choose(items, l10n.t('Whytoken: what is shown on the text'));
  }

  async chooseGranularity(): Promise<void> {
    const names: Record<Granularity, string> = {
      token: l10n.t('Tokens, as the model reads them'),
      word: l10n.t('Words'),
      line: l10n.t('Lines'),
      syntax: l10n.t('Syntax nodes, as the language has them'),
    };
    const items = granularities.map((value) => ({
      label: names[value],
      choose: () => this.#update('granularity', value),
    }));
    try {
      await choose(items, l10n.t('What is coloured as a unit; sums stay the same'));
    } catch (error) {
      this.#problems.report(error);
    }
  }

  /** Which layer and head the attention overlay shows. */
  async chooseAttention(): Promise<void> {
    const document = this.#document();
    if (!document) return;
    try {
      const { layers, heads } = await this.#engine.load(
        { modelDir: this.#settings.modelDir(document) },
        { lane: 'chooseAttention' },
      );
      const ofAll = (kind: 'mean' | 'rollout'): Choice => ({
        label: viewName({ kind }),
        choose: () => this.#update('attention.view', kind),
      });
      const ofLayer = (layer: number): Choice => ({
        label: viewName({ kind: 'layer', layer }),
        choose: async () => {
          await this.#update('attention.layer', layer);
          await this.#update('attention.view', 'layer');
        },
      });
      const ofHead = (layer: number, head: number): Choice => ({
        label: viewName({ kind: 'head', layer, head }),
        choose: async () => {
          await this.#update('attention.layer', layer);
          await this.#update('attention.head', head);
          await this.#update('attention.view', 'head');
        },
      });
      const each = (count: number) => Array.from({ length: count }, (_, index) => index);
      const items = [
        ofAll('mean'),
        ofAll('rollout'),
        ...each(layers).map(ofLayer),
        ...each(layers).flatMap((layer) => each(heads).map((head) => ofHead(layer, head))),
      ];
      if (await choose(items, l10n.t('Which attention is shown'))) await this.#show(document, 'attention');
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async toggleLive(): Promise<void> {
    const document = this.#document();
    if (!document) return;
    const isLive = !this.#settings.get('live', document);
    try {
      await this.#update('live', isLive);
      this.#problems.note(
        isLive
          ? l10n.t('Live explanation is on: it follows what you type.')
          : l10n.t('Live explanation is off.'),
      );
    } catch (error) {
      this.#problems.report(error);
    }
  }

  async #show(document: TextDocument, id: OverlayId): Promise<void> {
    if (id === 'attribution' && !this.#texts.of(document)) await this.#explainer.explainSelection();
    else this.#overlays.show(document, id);
  }

  #document(): TextDocument | null {
    const document = window.activeTextEditor?.document;
    if (!document) this.#problems.note(l10n.t('Open a text first.'));
    return document ?? null;
  }

  /** Where the document's value comes from. @throws EngineError as {@link Settings.set} */
  async #update<K extends SettingName>(name: K, value: Setting<K>): Promise<void> {
    await this.#settings.set(name, value, window.activeTextEditor?.document);
  }
}

/** Runs what was chosen; false: nothing was. */
async function choose(items: (Choice | QuickPickItem)[], title: string): Promise<boolean> {
  const chosen = await window.showQuickPick(items, { title });
  if (!chosen || !('choose' in chosen)) return false;
  await chosen.choose();
  return true;
}

const separator = (): QuickPickItem => ({ label: '', kind: QuickPickItemKind.Separator });
