/** From the engine's results to what the page is answered. Without an editor, so that pages can be tried without one. */

import type {
  DistributionParams,
  LensParams,
  ModelText,
  Position,
  Progress,
  ScoreParams,
} from '../../../protocol/engine.ts';
import { EngineError } from '../../../protocol/errors.ts';
import type { AnswerOf, ParamsOf } from '../../../protocol/panels/page.ts';
import {
  lensBlock,
  type PanelCandidate,
  type ProbabilitiesPanel,
  type ShownLens,
} from '../../../protocol/panels/probabilities.ts';
import type { Lens, NextTokens, Scores, TokenScore } from '../../../protocol/results.ts';
import { shownToken, tokenName } from '../../../text/pieceNames.ts';

type Answer<N extends keyof ProbabilitiesPanel['questions'] & string> = AnswerOf<ProbabilitiesPanel, N>;
type Params<N extends keyof ProbabilitiesPanel['questions'] & string> = ParamsOf<ProbabilitiesPanel, N>;

/** What is looked at: a text whose last tokens, those of the range, are the strip. */
export interface Strip {
  params: ModelText;
  tokens: readonly TokenScore[];
  /** The index among all of the text's tokens that the first of them has. */
  first: number;
}

/** The engine's verbs as an answer needs them, its cancellation and the like put in. */
export interface Verbs {
  score(params: ScoreParams): Promise<Scores>;
  distribution(params: DistributionParams): Promise<NextTokens>;
  lens(params: LensParams, onProgress: (progress: Progress) => void): Promise<Lens>;
}

/** Reads the text. Where it is longer than the model's context, the strip is what the model has read of the range. */
export async function readStrip(
  verbs: Pick<Verbs, 'score'>,
  params: ModelText,
  range: { start: number; end: number },
): Promise<{ strip: Strip; answer: Answer<'strip'> }> {
  const { receipt, tokens } = await verbs.score({ ...params, range, top: 0, stride: null });
  const first = receipt.droppedTokens + (tokens[0]?.context ?? 0);
  const shown = tokens.map(({ start, end, entropy: _, context, top, ...token }) => ({
    ...token,
    ...(token.name !== undefined && { begun: params.text.slice(start, end) }),
  }));
  return { strip: { params, tokens, first }, answer: { receipt, tokens: shown } };
}

/** @param strip may be null at the end of the text */
export async function answerDistribution(
  verbs: Pick<Verbs, 'distribution'>,
  params: ModelText,
  strip: Strip | null,
  { at, temperature, topK, topP, top }: Params<'distribution'>,
): Promise<Answer<'distribution'>> {
  const sampling = { temperature, topK, topP };
  const asked = { ...params, at: positionOf(strip, at), top, ...sampling, without: [] };
  const next = await verbs.distribution(asked);
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

export async function answerLens(
  verbs: Pick<Verbs, 'lens'>,
  strip: Strip,
  { block, follow }: Params<'lens'>,
  report: (partial: Answer<'lens'>) => void,
): Promise<Answer<'lens'>> {
  const last = Math.min(strip.tokens.length - 1, (block + 1) * lensBlock - 2);
  const from = block * lensBlock - 1;
  const { lens, first, skip } = await lensOf(verbs, strip, { from, last }, follow, ({ done, total }) =>
    report({ done, total, lens: null }),
  );
  const columns = lens.tokens.slice(skip);
  const { texts, rows, followed } = lens;
  const cut = <A extends Int32Array | Float32Array>(cells: A) => withoutColumns(cells, lens, skip);
  const shown: ShownLens = {
    receipt: lens.receipt,
    first,
    columns: columns.map(tokenName),
    ...{ rows, texts },
    ids: cut(lens.ids),
    probabilities: cut(lens.probabilities),
    followed: followed && {
      ...followed,
      ranks: cut(followed.ranks),
      probabilities: cut(followed.probabilities),
    },
  };
  return { done: 1, total: 1, lens: shown };
}

/** Reads as little as possible: one column. */
export async function answerFollow(
  verbs: Pick<Verbs, 'lens'>,
  strip: Strip,
  { at, token }: Params<'follow'>,
): Promise<Answer<'follow'>> {
  const count = strip.tokens.length;
  const column = (at ?? count) - 1;
  const { lens, first, skip } = await lensOf(verbs, strip, { from: column, last: column }, token);
  // Without BOS nothing stands in front of the text's first token.
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
}

/**
 * The lens on columns of the strip, −1 being what stands in front of it: a token of the text, BOS, or nothing.
 * @returns `skip`: columns at the front that nobody asked for; `first`: the strip's index of the one after them
 */
async function lensOf(
  verbs: Pick<Verbs, 'lens'>,
  { params, tokens }: Strip,
  { from, last }: { from: number; last: number },
  follow: Params<'lens'>['follow'],
  onProgress: (progress: Progress) => void = () => {},
): Promise<{ lens: Lens; first: number; skip: number }> {
  const [head] = tokens;
  if (!head) throw new EngineError('text-empty');
  // The page has the strip before it names a token of it.
  if (last < from || last >= tokens.length) throw new EngineError('cancelled');
  const start = from < 0 ? Math.max(0, head.start - 1) : tokens[from]!.start;
  // BOS has no range: it comes with the text's first token.
  let told = last < 0 && head.start === 0 ? 0 : last;
  const end = told < 0 ? head.start : tokens[told]!.end;
  const lens = await verbs.lens({ ...params, range: { start, end }, follow }, onProgress);
  // All tokens of a character come together.
  while (told >= 0 && tokens[told + 1] && tokens[told + 1]!.start === tokens[told + 1]!.end) told++;
  const begin = told - lens.tokens.length + 1;
  const first = Math.max(begin, from);
  return { lens, first, skip: first - begin };
}

function withoutColumns<A extends Int32Array | Float32Array>(cells: A, { tokens }: Lens, skip: number): A {
  return skip === 0 ? cells : (cells.filter((_, cell) => cell % tokens.length >= skip) as A);
}

function positionOf(strip: Strip | null, at: number | null): Position {
  if (at === null) return { kind: 'end' };
  // The page has the strip before it names a token of it.
  if (!strip || at > strip.tokens.length) throw new EngineError('cancelled');
  return { kind: 'token', index: strip.first + at };
}

function actualOf({ actual }: NextTokens): PanelCandidate | null {
  if (!actual) return null;
  const { span: _, ...token } = actual;
  return { ...token, isActual: true };
}

/** What is left of the tail when one of its tokens is told by itself; rounding makes nothing negative. */
function without({ count, probability, drawn }: NextTokens['tail'], one: PanelCandidate): NextTokens['tail'] {
  return {
    count: count - 1,
    probability: Math.max(0, probability - one.probability),
    drawn: Math.max(0, drawn - one.drawn),
  };
}
