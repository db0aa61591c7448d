import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
  Hover,
  type HoverProvider,
  type Position,
  Range,
  type TextDocument,
} from 'vscode';
import type { ShownWord } from '../../text/words.ts';
import type { ExplainedTexts } from '../explain/explainedTexts.ts';
import type { GeneratedTexts } from '../generate/generatedTexts.ts';
import type { AttributionOverlay } from '../overlay/attribution.ts';
import type { ContextLengthOverlay } from '../overlay/contextLength.ts';
import type { Overlays } from '../overlay/overlays.ts';
import type { Stretch } from '../score/knownScores.ts';
import type { ScoredDocuments } from '../score/scoredDocuments.ts';
import type { Settings } from '../settings.ts';
import { type HoveredToken, hoverMarkdown } from './hoverMarkdown.ts';
import type { WholeExpectations } from './wholeExpectations.ts';

/** UTF-16 units on each side of the pointer that are asked about at once: the line, unless it is long. */
const aroundUnits = 500;
/** And on each side of that, asked about afterwards: where the pointer may go next. */
const laterUnits = 8 * 1024;

/** What is on the texts, and what of it is told here. */
interface Shown {
  overlays: Overlays;
  attribution: AttributionOverlay;
  contextLength: ContextLengthOverlay;
}

/**
 * What is known of the token under the pointer. VS Code shows each provider's answer as it comes, so there are two: one
 * tells at once what is known, the other fills in the probabilities when they are there.
 */
export class TokenHover implements HoverProvider, Disposable {
  readonly #texts: ExplainedTexts;
  readonly #scored: ScoredDocuments;
  readonly #generated: GeneratedTexts;
  readonly #overlays: Overlays;
  readonly #attribution: AttributionOverlay;
  readonly #contextLength: ContextLengthOverlay;
  readonly #expectations: WholeExpectations;
  readonly #settings: Settings;
  readonly #told = new EventEmitter<void>();
  /** What the last answered hover wants of what is around it. */
  #around: Disposable[] = [];

  /** VS Code was given something to show. */
  readonly onDidTell = this.#told.event;

  constructor(
    texts: ExplainedTexts,
    scored: ScoredDocuments,
    generated: GeneratedTexts,
    { overlays, attribution, contextLength }: Shown,
    expectations: WholeExpectations,
    settings: Settings,
  ) {
    this.#texts = texts;
    this.#scored = scored;
    this.#generated = generated;
    this.#overlays = overlays;
    this.#attribution = attribution;
    this.#contextLength = contextLength;
    this.#expectations = expectations;
    this.#settings = settings;
  }

  /** The provider that fills in. */
  get later(): HoverProvider {
    return {
      provideHover: (document, position, cancellation) => this.#whenScored(document, position, cancellation),
    };
  }

  provideHover(document: TextDocument, position: Position): Hover | null {
    if (!this.#isAsked(document, position)) return null;
    const scores = this.#inWholeCharacters(this.#known(document, document.offsetAt(position)));
    const hovered = this.#hovered(document, position, scores ?? []);
    return hovered && this.#tell(hovered);
  }

  dispose(): void {
    this.#keepWanting([]);
    this.#told.dispose();
  }

  #tell(hovered: HoveredToken): Hover {
    this.#told.fire();
    return new Hover(hoverMarkdown(hovered), hovered.range);
  }

  async #whenScored(
    document: TextDocument,
    position: Position,
    cancellation: CancellationToken,
  ): Promise<Hover | null> {
    const offset = document.offsetAt(position);
    if (!this.#isAsked(document, position)) return null;
    const known = this.#known(document, offset);
    if (known.length > 0 && this.#inWholeCharacters(known)) return null;
    if (offset >= document.getText().length) return null;
    const version = document.version;
    const scores = known.length > 0 ? known : await this.#score(document, position, cancellation);
    const [first] = scores;
    if (!first || document.version !== version) return null;
    if (!this.#inWholeCharacters(scores))
      await this.#expectations.ask(document, first.start, first.top, cancellation);
    const whole = this.#inWholeCharacters(scores);
    if (!whole || document.version !== version) return null;
    const hovered = this.#hovered(document, position, whole);
    return hovered && this.#tell({ ...hovered, explained: null });
  }

  /** Empty where nobody looks any longer, or where it cannot be known. */
  async #score(document: TextDocument, position: Position, cancellation: CancellationToken) {
    const offset = document.offsetAt(position);
    const near = this.#scored.want(document, nearby(document, position), 'pointed');
    const wants = [near, this.#scored.want(document, around(document, offset, laterUnits), 'later')];
    const scores = await this.#scored.whenKnown(near, offset, cancellation);
    // The pointer may go on along the line; where it only passed, nobody waits for anything.
    if (cancellation.isCancellationRequested) for (const want of wants) want.dispose();
    else this.#keepWanting(wants);
    return scores;
  }

  #keepWanting(wants: Disposable[]): void {
    const before = this.#around;
    this.#around = wants;
    for (const want of before) want.dispose();
  }

  /** Null where what was expected is in pieces whose characters are not known yet. */
  #inWholeCharacters([first, ...others]: HoveredToken['scores']): HoveredToken['scores'] | null {
    if (!first) return [];
    const top = this.#expectations.of(first.top);
    return top && [top === first.top ? first : { ...first, top: [...top] }, ...others];
  }

  /** What a reading of the document tells, or what the model knew when it generated the token. */
  #known(document: TextDocument, offset: number): HoveredToken['scores'] {
    const scores = this.#scored.at(document, offset);
    if (scores.length > 0) return scores;
    const placed = this.#generated.tokensAt(document, offset);
    if (!placed) return [];
    const { start, end, tokens } = placed;
    return tokens.map((token) => ({ ...token, start, end, context: null }));
  }

  /** Follows the setting; `explained`: only where something is shown on the text, and on generated text. */
  #isAsked(document: TextDocument, position: Position): boolean {
    const setting = this.#settings.get('hover', document);
    if (setting !== 'explained') return setting === 'always';
    if (this.#generated.tokensAt(document, document.offsetAt(position))) return true;
    const overlay = this.#overlays.of(document);
    if (overlay !== 'attribution') return overlay !== null;
    const explained = this.#texts.of(document);
    if (!explained) return false;
    return explained.tokenAt(position) >= 0 || (explained.targetRange?.contains(position) ?? false);
  }

  /** The word around a token, where that is more than the token or words are what is coloured. */
  #wordAt(document: TextDocument, token: Range): ShownWord | null {
    const stretch = { start: document.offsetAt(token.start), end: document.offsetAt(token.end) };
    const [word] = this.#scored.words(document, stretch, 'fresh');
    if (!word) return null;
    const start = word.tokens[0]!.start;
    const { end } = word.tokens.at(-1)!;
    const isAlone = start >= stretch.start && end <= stretch.end;
    const areWords = this.#settings.get('granularity', document) === 'word';
    if (isAlone && !areWords) return null;
    return { text: document.getText().slice(start, end), start, end, logProb: word.logProb };
  }

  #hovered(document: TextDocument, position: Position, scores: HoveredToken['scores']): HoveredToken | null {
    const [first] = scores;
    const explained = this.#texts.of(document);
    const token = explained?.tokens[explained.tokenAt(position)];
    const isExplained = explained && token && this.#overlays.of(document) === 'attribution';
    if (!first && !isExplained) return null;
    const range = first
      ? new Range(document.positionAt(first.start), document.positionAt(first.end))
      : explained!.rangeOf(token!);
    const word = first ? this.#wordAt(document, range) : null;
    const isProbed = this.#overlays.of(document) === 'context';
    const told = isProbed ? this.#contextLength.told(document, document.offsetAt(position)) : [];
    if (!isExplained) return { document, range, scores, word, explained: null, told };
    const group = this.#attribution.groupOf(explained, token);
    return { document, range, scores, word, explained: { explained, token, group }, told };
  }
}

function around(document: TextDocument, offset: number, units: number): Stretch {
  return { start: Math.max(0, offset - units), end: Math.min(document.getText().length, offset + units) };
}

function nearby(document: TextDocument, position: Position): Stretch {
  const offset = document.offsetAt(position);
  const { rangeIncludingLineBreak: line } = document.lineAt(position.line);
  const { start, end } = around(document, offset, aroundUnits);
  return {
    start: Math.max(start, document.offsetAt(line.start)),
    end: Math.min(end, document.offsetAt(line.end)),
  };
}
