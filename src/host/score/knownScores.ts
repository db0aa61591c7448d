import type { TokenScore } from '../../protocol/results.ts';
import { wordsOf } from '../../text/words.ts';
import { firstChanged } from '../text/cut.ts';
import type { TextChange } from '../text/trackedSpan.ts';

/** A half-open range of UTF-16 offsets of a document. */
export interface Stretch {
  start: number;
  end: number;
}

export interface KnownToken {
  /** Its range is the document's. */
  score: TokenScore;
  /** True if the text in front has been edited since: the score is then for the earlier text. */
  stale: boolean;
}

/** A word with its tokens. */
export interface WordOfTokens {
  tokens: readonly TokenScore[];
  /** Corrected, see src/text/words.ts; null for a first word that nothing predicts. */
  logProb: number | null;
}

/** UTF-16 units. */
const longestWord = 1000;

/**
 * The scores known of one document, by offset. A token's score depends on the text before it and on nothing after it:
 * an edit leaves everything in front of it known and makes the rest stale, which moves along until it is known anew.
 */
export class KnownScores {
  /** In the order of the text; their ranges do not overlap. */
  #tokens: KnownToken[] = [];
  /** What ends a word after the last token of the text, which any edit changes. */
  #last: { offset: number; wordEnd: number } | null = null;

  /**
   * The words that belong to a stretch, even in part, as far as all of them and what follows them is known. Of a very
   * long word nothing is known.
   * @param which `fresh`: only from tokens that are not stale
   */
  words({ start, end }: Stretch, which: 'fresh' | 'all'): WordOfTokens[] {
    const around = { start: Math.max(0, start - longestWord), end: end + longestWord };
    const tokens = this.within(around)
      .filter(({ stale }) => which === 'all' || !stale)
      .map(({ score }) => score);
    const wordEnd = this.#last?.offset === tokens.at(-1)?.end ? (this.#last?.wordEnd ?? null) : null;
    return wordsOf(tokens, wordEnd)
      .map((word) => ({ tokens: tokens.slice(word.first, word.end), logProb: word.logProb }))
      .filter((word) => word.tokens[0]!.start < end && word.tokens.at(-1)!.end > start);
  }

  /** The tokens that cover an offset, not stale: several where a character is read in pieces. */
  at(offset: number): TokenScore[] {
    const covers = ({ score, stale }: KnownToken) => !stale && score.start <= offset && offset < score.end;
    const first = this.#tokens.findIndex(covers);
    if (first < 0) return [];
    let end = first + 1;
    while (end < this.#tokens.length && isEmpty(this.#tokens[end]!)) end++;
    return this.#tokens.slice(first, end).map(({ score }) => score);
  }

  /** The tokens that belong to a stretch, even in part, stale ones included. */
  within({ start, end }: Stretch): KnownToken[] {
    const first = this.#tokens.findIndex(({ score }) => score.end > start);
    if (first < 0) return [];
    const last = this.#tokens.findLastIndex(({ score }) => score.start < end);
    return this.#tokens.slice(first, last + 1);
  }

  /** The parts of a stretch whose scores are not known or are stale. */
  gaps({ start, end }: Stretch): Stretch[] {
    const gaps: Stretch[] = [];
    let at = start;
    for (const { score, stale } of this.within({ start, end })) {
      if (stale) continue;
      if (score.start > at) gaps.push({ start: at, end: score.start });
      at = Math.max(at, score.end);
    }
    if (at < end) gaps.push({ start: at, end });
    return gaps;
  }

  /**
   * Takes consecutive tokens whose ranges are the document's, in place of what was known of their stretch.
   * @param wordEnd of what comes after the last one; null where that is not known
   */
  add(scores: readonly TokenScore[], wordEnd: number | null = null): void {
    const [first, last] = [scores[0], scores.at(-1)];
    if (!first || !last) return;
    if (wordEnd !== null) this.#last = { offset: last.end, wordEnd };
    const before = this.#tokens.filter(({ score }) => score.end <= first.start && score.start < first.start);
    const after = this.#tokens.filter(({ score }) => score.start >= last.end);
    this.#tokens = [...before, ...scores.map((score) => ({ score, stale: false })), ...after];
  }

  /**
   * @param changes of one event, in its order: from the last in the text to the first
   * @param text the document's text before or after them
   * @returns where what is still known ends
   */
  follow(changes: readonly TextChange[], text: string): number {
    const limit = firstChanged(changes, text);
    this.#last = null;
    this.#tokens = this.#tokens.flatMap((token) => {
      if (token.score.end <= limit) return [token];
      const score = moved(token.score, changes);
      return score ? [{ score, stale: true }] : [];
    });
    return limit;
  }

  clear(): void {
    this.#tokens = [];
    this.#last = null;
  }
}

const isEmpty = ({ score }: KnownToken) => score.start === score.end;

/** Where a token stands after the edits; null if one of them touches it. */
function moved(score: TokenScore, changes: readonly TextChange[]): TokenScore | null {
  let { start, end } = score;
  for (const { rangeOffset, rangeLength, text } of changes) {
    if (rangeOffset + rangeLength <= start) {
      start += text.length - rangeLength;
      end += text.length - rangeLength;
    } else if (rangeOffset < end) {
      return null;
    }
  }
  return { ...score, start, end };
}
