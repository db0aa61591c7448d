/** Answers the page's questions with the engine's verbs. */
import type { CancellationToken } from 'vscode';
import type { ModelText, Position } from '../../../protocol/engine.ts';
import { EngineError } from '../../../protocol/errors.ts';
import type { AnswerOf, QuestionName } from '../../../protocol/panels/page.ts';
import {
  lensBlock,
  type PanelCandidate,
  type ProbabilitiesPanel,
  type ShownLens,
} from '../../../protocol/panels/probabilities.ts';
import type { Lens, NextTokens, TextRange, TokenScore } from '../../../protocol/results.ts';
import { shownToken, tokenName } from '../../../text/pieceNames.ts';
import { wordsOf } from '../../../text/words.ts';
import type { EngineVerbs } from '../../engine/client.ts';
import type { PanelAnswers } from '../answers.ts';

/** A text that the model is given, and the range of it whose tokens are the strip. */
export interface StripText {
  readonly params: ModelText;
  readonly range: TextRange;
}

/** What was read of it: the tokens of the range, or only its last ones if the text is longer than the context. */
export interface Strip {
  readonly tokens: readonly TokenScore[];
  /** The index of the first of them among all tokens of the text. */
  readonly first: number;
}

/** The text that is looked at, and its strip. A new text has no strip until one is kept. */
export interface StripSubject {
  /** @throws EngineError if no text is looked at */
  text(): StripText;
  /** What was read of the current text; null if nothing was. */
  strip(): Strip | null;
  keep(text: StripText, strip: Strip): void;
}

export type ProbabilitiesEngine = Pick<EngineVerbs, 'score' | 'distribution' | 'lens'>;

export function probabilitiesAnswers(
  engine: ProbabilitiesEngine,
  subject: StripSubject,
): PanelAnswers<ProbabilitiesPanel> {
  /** The page has the strip before it names a token of it. */
  const strip = () => {
    const known = subject.strip();
    if (!known) throw new EngineError('cancelled');
    return known;
  };
  return {
    async strip(_, { cancellation }) {
      const text = subject.text();
      const { params, range } = text;
      const asked = { ...params, range, top: 0, stride: null };
      const { receipt, tokens, wordEnd } = await engine.score(asked, asks('strip', cancellation));
      subject.keep(text, { tokens, first: receipt.droppedTokens + (tokens[0]?.context ?? 0) });
      const words = new Map(wordsOf(tokens, wordEnd).map(({ first, logProb }) => [first, logProb]));
      const shown = tokens.map(({ start, end, context, top, wordEnd: _, ...token }, index) => {
        const wordLogProb = words.get(index) ?? null;
        return {
          ...token,
          ...(token.name !== undefined && { begun: params.text.slice(start, end) }),
          ...(wordLogProb !== null && { wordLogProb }),
        };
      });
      return { receipt, tokens: shown };
    },

    async distribution({ at, temperature, topK, topP, top }, { cancellation }) {
      const sampling = { temperature, topK, topP };
      const place = at === null ? ({ kind: 'end' } as const) : placeIn(strip(), at);
      const asked = { ...subject.text().params, at: place, top, ...sampling, without: [] };
      return distributionOf(await engine.distribution(asked, asks('distribution', cancellation)));
    },

    async lens({ block, follow }, { cancellation, report }) {
      const known = strip();
      const last = Math.min(known.tokens.length - 1, (block + 1) * lensBlock - 2);
      const columns = columnsOf(known, block * lensBlock - 1, last);
      const lens = await engine.lens(
        { ...subject.text().params, range: columns.range, follow },
        {
          ...asks('lens', cancellation),
          onProgress: ({ done, total }) => report({ done, total, lens: null }),
        },
      );
      return { done: 1, total: 1, lens: shownLens(lens, columns.in(lens)) };
    },

    /** Reads as little as possible: one column. */
    async follow({ at, token }, { cancellation }) {
      const known = strip();
      const column = (at ?? known.tokens.length) - 1;
      const columns = columnsOf(known, column, column);
      const asked = { ...subject.text().params, range: columns.range, follow: token };
      const lens = await engine.lens(asked, asks('follow', cancellation));
      const { first, skip } = columns.in(lens);
      // Without BOS nothing comes before the text's first token.
      if (column < first) throw new EngineError('first-token');
      const place = skip + column - first;
      const ofColumn = <A extends Int32Array | Float32Array>(cells: A): A =>
        cells.filter((_, cell) => cell % lens.tokens.length === place) as A;
      const { ranks, probabilities, ...shown } = lens.followed!;
      return {
        receipt: lens.receipt,
        ...shown,
        ranks: ofColumn(ranks),
        probabilities: ofColumn(probabilities),
      };
    },
  };
}

/** Each kind of question has its own lane, because a column and the whole picture may be wanted at once. */
function asks(question: QuestionName<ProbabilitiesPanel>, cancellation: CancellationToken) {
  return { lane: `panel.probabilities.${question}`, cancellation };
}

/** The token of the text is added as the last candidate if it is not among the most probable. */
function distributionOf(next: NextTokens): AnswerOf<ProbabilitiesPanel, 'distribution'> {
  const { receipt, kept, entropy, drawnEntropy } = next;
  const listed = next.candidates.map(
    (candidate, place): PanelCandidate => ({
      ...candidate,
      ...(candidate.id === next.actual?.id && shownToken(next.actual)),
      rank: place + 1,
      isActual: candidate.id === next.actual?.id,
    }),
  );
  const vocabulary = listed.length + next.tail.count;
  const actual = listed.find(({ isActual }) => isActual) ?? actualOf(next);
  const isBeyond = actual !== null && !listed.includes(actual);
  return {
    receipt,
    candidates: isBeyond ? [...listed, actual] : listed,
    tail: isBeyond ? without(next.tail, actual) : next.tail,
    ...{ kept, vocabulary, entropy, drawnEntropy, actual },
  };
}

/** `skip`: how many columns at the front were not asked for; `first`: the strip's index of the column after them. */
interface Columns {
  first: number;
  skip: number;
}

/**
 * What to read for some columns of the strip. −1 is what comes before the strip: a token of the text, BOS, or nothing.
 */
function columnsOf(
  { tokens }: Strip,
  from: number,
  last: number,
): { range: TextRange; in(lens: Lens): Columns } {
  const [head] = tokens;
  if (!head) throw new EngineError('text-empty');
  // The page has the strip before it names a token of it.
  if (last < from || last >= tokens.length) throw new EngineError('cancelled');
  const start = from < 0 ? Math.max(0, head.start - 1) : tokens[from]!.start;
  // BOS has no range, so it is read with the text's first token.
  let told = last < 0 && head.start === 0 ? 0 : last;
  const end = told < 0 ? head.start : tokens[told]!.end;
  // All tokens of a character are read together.
  while (told >= 0 && tokens[told + 1] && tokens[told + 1]!.start === tokens[told + 1]!.end) told++;
  return {
    range: { start, end },
    in(lens) {
      const begin = told - lens.tokens.length + 1;
      const first = Math.max(begin, from);
      return { first, skip: first - begin };
    },
  };
}

function shownLens(lens: Lens, { first, skip }: Columns): ShownLens {
  const { receipt, tokens, texts, rows, followed } = lens;
  const cut = <A extends Int32Array | Float32Array>(cells: A): A =>
    skip === 0 ? cells : (cells.filter((_, cell) => cell % tokens.length >= skip) as A);
  return {
    receipt,
    first,
    columns: tokens.slice(skip).map(tokenName),
    ...{ rows, texts },
    ids: cut(lens.ids),
    probabilities: cut(lens.probabilities),
    followed: followed && {
      ...followed,
      ranks: cut(followed.ranks),
      probabilities: cut(followed.probabilities),
    },
  };
}

function placeIn({ tokens, first }: Strip, at: number): Position {
  // The page has the strip before it names a token of it.
  if (at > tokens.length) throw new EngineError('cancelled');
  return { kind: 'token', index: first + at };
}

function actualOf({ actual }: NextTokens): PanelCandidate | null {
  if (!actual) return null;
  const { span: _, ...token } = actual;
  return { ...token, isActual: true };
}

/** The tail without one of its tokens, which is listed by itself. Rounding must not make it negative. */
function without({ count, probability, drawn }: NextTokens['tail'], one: PanelCandidate): NextTokens['tail'] {
  return {
    count: count - 1,
    probability: Math.max(0, probability - one.probability),
    drawn: Math.max(0, drawn - one.drawn),
  };
}
