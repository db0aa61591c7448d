/** An engine whose answers a test writes and times itself; its tokens are words with the space in front. */
import { EventEmitter } from 'vscode';
import type { EngineClient, RequestOptions } from '../../src/host/engine/client.ts';
import type {
  ExplainParams,
  GeneratedPiece,
  GenerateParams,
  ScoreParams,
} from '../../src/protocol/engine.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import type {
  AttentionMaps,
  Explanation,
  Generation,
  Receipt,
  Scores,
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

export function explanationOf({ text, range, ...asked }: ExplainParams): Explanation {
  const tokens = words(text, range.start).map((span, i) => ({ ...span, score: (i % 2 ? -1 : 1) / (1 + i) }));
  const sum = tokens.reduce((total, { score }) => total + score, 0);
  const position = words(text).length;
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
        foil: 8,
        at: position,
      },
    },
    tokens,
    target: { id: 7, text: ' Paris', position, probability: 0.41 },
    foil: { id: 8, text: ' the', probability: 0.12 },
    value: sum,
    baselineValue: 0,
    delta: 0,
    evaluations: 15,
    refining: false,
    next: [],
  };
}

export function scoresOf({ text, range }: ScoreParams): Scores {
  const tokens = words(text, range?.start).map((span) => ({
    ...span,
    logProb: Math.log(0.25),
    rank: 2,
    entropy: 3 * Math.LN2,
    top: [
      { id: 1, text: ' the', probability: 0.5 },
      { id: span.id, text: span.text, probability: 0.25 },
    ],
  }));
  return { receipt, tokens, next: [] };
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
  readonly generated: Request<GenerateParams, Generation, GeneratedPiece>[] = [];

  async start(): Promise<void> {}

  async load(): Promise<never> {
    throw new Error('not asked for in these tests');
  }

  explain(params: ExplainParams, options: RequestOptions<Explanation> = {}): Promise<Explanation> {
    return pending(this.explained, params, options);
  }

  async score(params: ScoreParams): Promise<Scores> {
    return scoresOf(params);
  }

  generate(params: GenerateParams, options: RequestOptions<GeneratedPiece> = {}): Promise<Generation> {
    return pending(this.generated, params, options);
  }

  async attention(): Promise<AttentionMaps> {
    throw new Error('not asked for in these tests');
  }

  dispose(): void {}
}

function pending<P, R, G>(list: Request<P, R, G>[], params: P, options: RequestOptions<G>): Promise<R> {
  return new Promise((resolve, reject) => {
    options.cancellation?.onCancellationRequested(() => reject(new EngineError('cancelled')));
    list.push({ params, options, resolve });
  });
}

export function piece(text: string): GeneratedPiece {
  return { sequence: 0, token: { id: 0, text, logProb: -1 }, text };
}

export const generation: Generation = {
  receipt: { ...receipt, temperature: 0, topK: 0, topP: 1, seed: 1, maxTokens: 8 },
  sequences: [],
};
