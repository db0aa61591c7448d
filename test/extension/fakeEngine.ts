/** An engine whose answers a test writes and times itself; its tokens are words with the space in front. */
import { EventEmitter } from 'vscode';
import type { EngineClient, RequestOptions } from '../../src/host/engine/client.ts';
import type {
  AttendParams,
  ExplainParams,
  GeneratedPiece,
  GenerateParams,
  ModelInfo,
  ScoreParams,
} from '../../src/protocol/engine.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import type {
  AttentionMaps,
  AttentionRows,
  Explanation,
  GeneratedToken,
  Generation,
  Receipt,
  Scores,
  TokenScore,
  TokenSpan,
} from '../../src/protocol/results.ts';

const receipt: Receipt = {
  whytoken: '0.0.0',
  model: { name: 'fake', sha256: '00' },
  textSha256: '00',
  bos: false,
  droppedTokens: 0,
  milliseconds: 1,
};

export function words(text: string, from = 0): TokenSpan[] {
  return [...text.matchAll(/\s?\S+|\s+/gu)]
    .map((match, id) => ({ id, text: match[0], start: match.index, end: match.index + match[0].length }))
    .filter(({ end }) => end > from);
}

export function explanationOf({ text, range, at, ...asked }: ExplainParams): Explanation {
  const all = words(text);
  const found = at.kind === 'offset' ? all.find(({ end }) => end > at.offset) : undefined;
  const position = found ? all.indexOf(found) : all.length;
  const tokens = words(text, range.start)
    .filter(({ end }) => !found || end <= found.start)
    .map((span, i) => ({ ...span, score: (i % 2 ? -1 : 1) / (1 + i) }));
  const sum = tokens.reduce((total, { score }) => total + score, 0);
  const { method, objective, baseline, steps, tolerance, seed, bos } = asked;
  return {
    receipt: {
      ...receipt,
      ...{
        method,
        objective,
        baseline,
        steps,
        tolerance,
        seed,
        bos,
        range,
        target: 7,
        foil: [8],
        at: position,
      },
    },
    tokens,
    target: { id: 7, text: ' Paris', position, span: found ?? null, probability: 0.41 },
    foil: { id: 8, ids: [8], text: ' the', probability: 0.12 },
    value: sum,
    baselineValue: 0,
    delta: 0,
    evaluations: 15,
    refining: false,
    next: [],
  };
}

export function scoresOf({ text, range }: ScoreParams): Scores {
  const all = words(text);
  const isAsked = ({ start, end }: TokenSpan) => !range || (end > range.start && start < range.end);
  const tokens = all.filter(isAsked).map((span) => ({
    ...span,
    logProb: Math.log(0.25),
    rank: 2,
    entropy: 3 * Math.LN2,
    context: all.filter(({ end }) => end <= span.start).length,
    top: [
      { id: 1, text: ' the', probability: 0.5 },
      { id: span.id, text: span.text, probability: 0.25 },
    ],
  }));
  return { receipt, tokens, next: [] };
}

/** Two layers of two heads; the key just before the query gets half, the one before that a quarter, and so on. */
export function rowsOf({ text, offset }: AttendParams): AttentionRows {
  const all = words(text);
  const query = all.findLastIndex(({ start }) => start <= offset);
  const tokens = all.slice(0, query + 1);
  const weights = Float32Array.from(tokens, (_, key) => (key === query ? 0 : 0.5 ** (query - key)));
  const rows = new Float32Array([0, 1, 2, 3].flatMap(() => [...weights]));
  return {
    ...{ receipt, tokens, weights, rows, layers: 2, heads: 2 },
    next: [{ id: 3, text: ' next', probability: 0.6, logit: 1 }],
  };
}

interface Request<P, R, G> {
  params: P;
  options: RequestOptions<G>;
  resolve(result: R): void;
}

export class FakeEngine implements EngineClient {
  readonly state = 'ready';
  readonly onDidChangeState = new EventEmitter<'ready'>().event;
  readonly explained: Request<ExplainParams, Explanation, Explanation>[] = [];
  readonly scored: ScoreParams[] = [];
  readonly attended: AttendParams[] = [];
  readonly generated: Request<GenerateParams, Generation, GeneratedPiece>[] = [];

  async start(): Promise<void> {}

  async load(_modelDir: string, _options?: RequestOptions): Promise<ModelInfo> {
    throw new Error('not asked for in these tests');
  }

  explain(params: ExplainParams, options: RequestOptions<Explanation> = {}): Promise<Explanation> {
    return pending(this.explained, params, options);
  }

  async score(params: ScoreParams, _options?: RequestOptions<TokenScore[]>): Promise<Scores> {
    this.scored.push(params);
    return scoresOf(params);
  }

  generate(params: GenerateParams, options: RequestOptions<GeneratedPiece> = {}): Promise<Generation> {
    return pending(this.generated, params, options);
  }

  async attention(): Promise<AttentionMaps> {
    throw new Error('not asked for in these tests');
  }

  async attend(params: AttendParams): Promise<AttentionRows> {
    this.attended.push(params);
    return rowsOf(params);
  }

  dispose(): void {}
}

function pending<P, R, G>(list: Request<P, R, G>[], params: P, options: RequestOptions<G>): Promise<R> {
  return new Promise((resolve, reject) => {
    options.cancellation?.onCancellationRequested(() => reject(new EngineError('cancelled')));
    list.push({ params, options, resolve });
  });
}

/** A token of a continuation; its log-probability is its id negated, so that a test can tell which one it is. */
export function generatedToken(text: string, id = 0): GeneratedToken {
  return { id, text, logProb: -id, rank: 1, entropy: 1, top: [{ id, text, probability: 0.5 }] };
}

export function piece(text: string, sequence = 0): GeneratedPiece {
  return { sequence, token: generatedToken(text), text };
}

/** Whole sequences, whose tokens are words with the space in front. */
export function generationOf(...texts: string[]): Generation {
  return {
    receipt: {
      ...receipt,
      temperature: 0,
      topK: 0,
      topP: 1,
      repetitionPenalty: 1,
      seed: 1,
      maxTokens: 8,
      stop: [],
      first: null,
    },
    sequences: texts.map((text) => ({
      text,
      tokens: words(text).map((word) => generatedToken(word.text, word.id)),
      ended: 'length',
    })),
  };
}
