/** How expected each token of a text was. */
import type { Progress, ScoreParams } from '../../protocol/engine.ts';
import type { Alternative, Scores, TokenScore } from '../../protocol/results.ts';
import { distributionAt } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Sequence } from '../gpt2/sequence.ts';
import { tokensIn, tokensOf } from '../question/reading.ts';
import { receiptsOf } from '../question/receipts.ts';
import { asideFor, inWholeCharacters } from '../question/wholeCharacters.ts';
import type { Run } from '../run.ts';
import type { EncodedToken } from '../tokens.ts';
import { passageOf, scoresOf } from './passage.ts';
import { lastWindow, stridedWindows, type TokenRange, type Window } from './windows.ts';

const nextAlternatives = 10;

type ScoreRun = Run<Progress<TokenScore[]>>;

export async function score(model: Gpt2, params: ScoreParams, run: ScoreRun): Promise<Scores> {
  const receipts = receiptsOf(model, run);
  const tokens = tokensOf(model, params);
  const question = questionOf(tokens, params);
  const windows = windowsOf(model, params, question);
  const passageIn = (window: Window) => {
    const isLast = question.withNext && window.end === tokens.length;
    return passageOf(model, params, tokens, window, isLast);
  };
  // A long text has many windows that overlap, so only one of them is in memory at a time.
  const total = windows.reduce((sum, window) => sum + passageIn(window).ids.length, 0);

  const scored: TokenScore[] = [];
  let next: Alternative[] = [];
  let wordEnd: number | null = null;
  let before = 0;
  const work = async (sequence: Sequence) => {
    for (const window of windows) {
      const passage = passageIn(window);
      sequence.resume(passage.ids, passage.needed);
      const start = sequence.length;
      const residual = await sequence.read(passage.ids.slice(start), run, {
        onSlice: (read) => run.report({ stage: 'reading', done: before + read, total }),
      });
      before += passage.ids.length;
      for await (const partial of scoresOf(model, passage, { start, residual }, params.top, run)) {
        scored.push(...partial);
        run.report({ stage: 'reading', done: before, total, partial });
      }
      if (!passage.withNext) continue;
      const last = residual.subarray(-model.config.width);
      const after = await distributionAt(model, last, nextAlternatives, run);
      wordEnd = after.wordEnd;
      next = await inWholeCharacters(model, asideFor(sequence, after.top), after.top, run);
    }
  };
  const [first] = windows;
  if (first) await model.memory.readings.use(passageIn(first).ids, passageIn(first).needed, work);
  const dropped = params.stride === null ? (first?.begin ?? 0) : 0;
  const stride = windows.length > 1 ? windows[1]!.begin - windows[0]!.begin : null;
  return { receipt: await receipts.final(params, dropped), stride, tokens: scored, next, wordEnd };
}

interface ScoreQuestion {
  asked: TokenRange;
  /** Whether what comes after the text is asked for, too. */
  withNext: boolean;
}

function questionOf(tokens: readonly EncodedToken[], { range, text }: ScoreParams): ScoreQuestion {
  const all = { first: 0, end: tokens.length };
  if (range === null) return { asked: all, withNext: true };
  const asked = tokensIn(tokens, range);
  const withNext = range.end === text.length;
  const isEmpty = asked.first >= asked.end;
  return { asked: isEmpty && withNext ? { ...all, first: all.end } : asked, withNext };
}

function windowsOf(
  { config }: Gpt2,
  { stride, bos }: ScoreParams,
  { asked, withNext }: ScoreQuestion,
): Window[] {
  if (asked.first >= asked.end && !withNext) return [];
  const length = config.contextLength - (bos ? 1 : 0);
  if (stride === null || length === 0) return [lastWindow(asked, length)];
  return stridedWindows(asked, length, stride === 'auto' ? Math.floor(length / 2) : stride);
}
