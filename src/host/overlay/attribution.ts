import {
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  Range,
  type TextDocument,
  type TextEditor,
  workspace,
} from 'vscode';
import type { DisplayToken } from '../../text/displayTokens.ts';
import type { TokenGroup } from '../../text/granularity.ts';
import { levelOf } from '../../text/level.ts';
import { prediction } from '../../text/telling/prediction.ts';
import type { ExplainedText } from '../explain/explainedText.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import { opposed } from '../explain/opposition.ts';
import { endsInSpace, headline, summary } from '../explain/told.ts';
import { type Settings, section } from '../settings.ts';
import { telling } from '../telling.ts';
import { Grouping } from './grouping.ts';
import { type Mark, type Marks, noMarks, type Overlay } from './overlay.ts';
import { rangesOfGroup } from './ranges.ts';

const ownSettings = ['intensity', 'granularity'];

/** Signed contributions to the chosen target, of what was explained last. */
export class AttributionOverlay implements Overlay {
  readonly id = 'attribution';
  readonly #texts: ExplainedTexts;
  readonly #settings: Settings;
  readonly #grouping = new Grouping();
  readonly #changed = new EventEmitter<TextDocument>();
  readonly #subscriptions: Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(texts: ExplainedTexts, settings: Settings) {
    this.#texts = texts;
    this.#settings = settings;
    this.#subscriptions = [
      texts.onDidChange(({ kind, explained }) => {
        if (kind !== 'looked-at') this.#changed.fire(explained.document);
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (!ownSettings.some((name) => event.affectsConfiguration(`${section}.${name}`))) return;
        for (const document of workspace.textDocuments) if (texts.of(document)) this.#changed.fire(document);
      }),
    ];
  }

  show(): void {}

  hide(): void {}

  marks({ document }: TextEditor): Marks {
    const explained = this.#texts.of(document);
    if (!explained?.explanation) return noMarks;
    const { explanation, previous } = explained;
    const { end } = explained.range;
    const target = explained.targetRange;
    const line = document.lineAt(end.line).range.end;
    const words = prediction(explanation, previous, telling);
    return {
      ...noMarks,
      tokens: this.#marks(explained),
      hatched: this.#hatched(explained),
      words: {
        position: target?.end ?? end,
        text: endsInSpace(explained) ? l10n.t('{0}, after a space', words) : words,
        details: new MarkdownString(summary(explained).join('\n\n')),
      },
      place: !target && end.isBefore(line) ? new Range(end, end.translate(0, 1)) : null,
      target,
    };
  }

  headline(document: TextDocument): string {
    const explained = this.#texts.of(document);
    return explained ? headline(explained) : '';
  }

  /** The tokens that are coloured as a unit with a token; null for the token alone. */
  groupOf(explained: ExplainedText, token: DisplayToken): TokenGroup | null {
    const index = explained.tokens.indexOf(token);
    const group = this.#groups(explained).find(({ tokens }) => tokens.includes(index));
    return group && group.tokens.length > 1 ? group : null;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #groups(explained: ExplainedText): TokenGroup[] {
    const { document, tokens, snapshot } = explained;
    const granularity = this.#settings.get('granularity', document);
    const base = document.offsetAt(explained.rangeOf({ start: 0, end: 0 }).start);
    return this.#grouping.groups(granularity, { document, text: snapshot.text, base, tokens }, () =>
      this.#changed.fire(document),
    );
  }

  #hatched(explained: ExplainedText): Range[] {
    const groups = this.#groups(explained);
    const { isOpposed } = opposed(explained, groups) ?? {};
    return groups
      .filter((_, at) => isOpposed?.[at])
      .flatMap((group) => rangesOfGroup(group, explained.tokens).map((piece) => explained.rangeOf(piece)));
  }

  #marks(explained: ExplainedText): Mark[] {
    const { document, tokens } = explained;
    const intensity = this.#settings.get('intensity', document);
    const groups = this.#groups(explained);
    const largest = groups.reduce((most, { score }) => Math.max(most, Math.abs(score)), 0);
    return groups.flatMap((group) => {
      const level = levelOf(group.score, largest, intensity);
      if (level === 0) return [];
      return rangesOfGroup(group, tokens).map((piece) => ({
        range: explained.rangeOf(piece),
        scale: level > 0 ? ('for' as const) : ('against' as const),
        level: Math.abs(level),
      }));
    });
  }
}
