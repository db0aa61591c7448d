import * as v from 'valibot';
import type { Disposable, TextDocument, WebviewPanel } from 'vscode';
import type { AttentionPanel } from '../../protocol/panels/attention.ts';
import type { AttributionPanel } from '../../protocol/panels/attribution.ts';
import type { PanelProtocol } from '../../protocol/panels/page.ts';
import type { ProbabilitiesPanel } from '../../protocol/panels/probabilities.ts';
import type { StructurePanel } from '../../protocol/panels/structure.ts';
import { headIndex } from '../../protocol/results/heads.ts';
import { AttentionSource } from './attention/source.ts';
import { AttributionSource } from './attribution/source.ts';
import type { PanelNeeds } from './needs.ts';
import { Panel } from './panel.ts';
import { ProbabilitiesSource } from './probabilities/source.ts';
import { ReadText } from './readText.ts';
import { StructureSource } from './structure/source.ts';

/** All panels, by what they show. */
export class Panels implements Disposable {
  readonly attribution: Panel<AttributionPanel>;
  readonly attention: Panel<AttentionPanel>;
  readonly probabilities: Panel<ProbabilitiesPanel>;
  readonly structure: Panel<StructurePanel>;
  readonly #attributionSource: AttributionSource;
  readonly #attentionSource: AttentionSource;
  readonly #all: readonly Pick<Panel<PanelProtocol>, 'viewType' | 'deserializeWebviewPanel' | 'dispose'>[];

  constructor(needs: PanelNeeds) {
    const { settings, texts, painter, state } = needs;
    const text = (name: string) => new ReadText(settings, texts, painter, { state, key: `panel.${name}` });
    this.#attributionSource = new AttributionSource(needs);
    this.attribution = new Panel(this.#attributionSource, needs);
    this.#attentionSource = new AttentionSource(needs, text('attention'));
    this.attention = new Panel(this.#attentionSource, needs);
    this.probabilities = new Panel(new ProbabilitiesSource(needs, text('probabilities')), needs);
    this.structure = new Panel(new StructureSource(needs, text('structure')), needs);
    this.#all = [this.attribution, this.attention, this.probabilities, this.structure];
  }

  /** A panel that was open when the window was closed comes back. */
  async restore(viewType: string, panel: WebviewPanel): Promise<void> {
    await this.#all.find((one) => one.viewType === viewType)?.deserializeWebviewPanel(panel);
  }

  /** @param argument of the command: a head that was pressed in the structure panel and is to be open, or nothing */
  openAttention(argument: unknown): void {
    const head = v.safeParse(headIndex, argument);
    if (head.success) this.#attentionSource.ask(head.output);
    this.attention.open(head.success ? this.structure : undefined);
  }

  /** @returns whether the token at the offset is one that was explained */
  removeToken(document: TextDocument, offset: number): boolean {
    if (!this.#attributionSource.remove(document, offset)) return false;
    this.attribution.open();
    return true;
  }

  dispose(): void {
    for (const panel of this.#all) panel.dispose();
  }
}
