/** An engine whose answers a test writes and times itself; its tokens are words with the space in front. */
import type { EngineClient, EngineVerb, RequestOptions } from '../../src/host/engine/client.ts';
import type {
  AdversarialParams,
  AttendParams,
  AttentionMapParams,
  ContextProbeParams,
  DistributionParams,
  EvidenceParams,
  ExplainParams,
  FlipParams,
  GeneratedPiece,
  GenerateParams,
  HeadPatternParams,
  ImportanceParams,
  LensParams,
  ModelInfo,
  ScoreParams,
  ThumbnailParams,
} from '../../src/protocol/engine.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { chooseMethod } from '../../src/protocol/methods.ts';
import type {
  Adversarial,
  AttentionMap,
  AttentionRows,
  AttentionThumbnails,
  ContextProbe,
  Evidence,
  Explanation,
  Flipped,
  GeneratedToken,
  Generation,
  HeadPatterns,
  Importance,
  Lens,
  NextTokens,
  PartialAdversarial,
  PartialContextProbe,
  PartialEvidence,
  PartialExplanation,
  PartialFlip,
  Receipt,
  Scores,
  Structure,
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
  const { method, objective, baseline, bos } = asked;
  return {
    receipt: {
      ...receipt,
      ...{
        objective,
        baseline,
        ...chooseMethod(method, asked),
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
    layers: null,
    refining: false,
    next: [],
  };
}

/** Each word of the context changes the prediction half as much as the one behind it: ½, ¼ … nats. */
export function probeOf({ text, range, at, bos, most }: ContextProbeParams): ContextProbe {
  const all = words(text, range.start).filter(({ end }) => end <= Math.max(range.end, range.start));
  const offset = at.kind === 'offset' ? at.offset : text.length;
  const found = words(text).find(({ start, end }) => start <= offset && offset < end);
  const tokens = all.filter(({ end }) => !found || end <= found.start).slice(-most);
  const steps = Float32Array.from(tokens, (_, index) => 0.5 ** (tokens.length - index));
  return {
    receipt: { ...receipt, bos, at: tokens.length, range, most },
    tokens,
    target: { id: 7, text: ' Paris', probability: 0.5, span: found ?? null },
    logProbs: Float32Array.from(tokens, () => Math.log(0.5)),
    divergences: steps.map((step) => step - (steps[0] ?? 0)),
    steps,
    importances: steps.map((step, index) => (index % 2 ? -step : step)),
    gains: Float32Array.from(tokens, () => Math.LN2),
    read: 0,
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
    wordEnd: -Math.LN2,
    context: all.filter(({ end }) => end <= span.start).length,
    top: [
      { id: 1, text: ' the', probability: 0.5 },
      { id: span.id, text: span.text, probability: 0.25 },
    ],
  }));
  return {
    receipt,
    stride: 256,
    tokens,
    next: [],
    wordEnd: range && range.end < text.length ? null : -2 * Math.LN2,
  };
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

/** One layer of one head, and one weight. */
export function structureOf({ modelDir }: { modelDir: string }): Structure {
  const magnitudes = { norm: 2, rms: 1, most: 1, outliers: 0 };
  return {
    info: { name: 'fake', sha256: '00', folder: modelDir },
    config: {
      ...{ layers: 1, heads: 1, width: 2, inner: 2, contextLength: 8, vocabularySize: 2 },
      ...{ activation: 'gelu_new', tied: true },
    },
    weights: [{ name: 'wte.weight', shape: [2, 2], dtype: 'F32', parameters: 4, bytes: 16, ...magnitudes }],
    ofHeads: Float32Array.of(1),
    ofMlps: Float32Array.of(2),
  };
}

export function importanceOf(effect: number): Importance {
  return {
    receipt: { ...receipt, at: 3, target: 7, foil: 8 },
    target: { id: 7, text: ' Paris', probability: 0.41 },
    foil: { id: 8, text: ' the', probability: 0.12 },
    ...{ value: 1, layers: 1, heads: 1 },
    ofHeads: Float32Array.of(effect),
    ofMlps: Float32Array.of(Number.NaN),
  };
}

/** @param probabilities of tokens by their ids; what stands in the text has an eighth and the third rank */
export function nextTokensOf(
  { text, at, temperature, topK, topP, without, top }: DistributionParams,
  probabilities: Readonly<Record<number, number>>,
): NextTokens {
  const all = words(text);
  const index = at.kind === 'token' ? at.index : all.length;
  const candidate = (id: number, probability: number) => ({
    ...{ id, text: ` t${id}`, probability, logit: Math.log(probability), drawn: probability },
  });
  const candidates = Object.entries(probabilities)
    .map(([id, probability]) => candidate(Number(id), probability))
    .sort((one, other) => other.probability - one.probability)
    .slice(0, top);
  const span = all[index];
  return {
    receipt: { ...receipt, at: index, temperature, topK, topP, without },
    candidates,
    tail: { count: 100 - candidates.length, probability: 0.25, drawn: 0.25 },
    kept: 100,
    entropy: 2,
    drawnEntropy: 2,
    actual: span
      ? { ...candidate(span.id, 0.125), text: span.text, rank: 3, span: { start: span.start, end: span.end } }
      : null,
  };
}

/** Two layers; the token of a cell is that of its column, and the followed one has the rank 10 · row + column + 1. */
export function lensOf({ text, range, bos, follow }: LensParams): Lens {
  const bounds = range ?? { start: 0, end: text.length };
  const inRange = words(text).filter(({ start, end }) => end > bounds.start && start < bounds.end);
  const withBos = bos && bounds.start === 0;
  const tokens = withBos ? [{ id: 99, text: '<|endoftext|>', start: 0, end: 0 }, ...inRange] : inRange;
  const cells = Array.from({ length: 3 * tokens.length }, (_, cell) => ({
    row: Math.floor(cell / tokens.length),
    column: cell % tokens.length,
  }));
  const probabilities = Float32Array.from(cells, () => 0.5);
  const ranks = Int32Array.from(cells, ({ row, column }) => 10 * row + column + 1);
  return {
    ...{ receipt, tokens, rows: 3, probabilities },
    ids: Int32Array.from(cells, ({ column }) => tokens[column]!.id),
    texts: tokens.map(({ id, text: name }) => ({ id, text: name })),
    followed: follow && { id: 7, text: ' seven', ranks, probabilities },
  };
}

/** Two layers of two heads, as all that follows. */
const info: ModelInfo = {
  ...{ name: 'fake', layers: 2, heads: 2, width: 4, contextLength: 16 },
  ...{ vocabularySize: 100, parameters: 1000, dtype: 'F32' },
};

/** Every query attends to itself alone. */
export function mapOf({ text }: AttentionMapParams): AttentionMap {
  const tokens = words(text);
  const size = tokens.length;
  const weights = Float32Array.from({ length: size ** 2 }, (_, at) => (at % (size + 1) === 0 ? 1 : 0));
  return { receipt, tokens, size, weights, most: 1, contrast: null };
}

export function thumbnailsOf({ text, size: wanted }: ThumbnailParams): AttentionThumbnails {
  const tokens = words(text);
  const size = Math.min(wanted, tokens.length);
  return { receipt, tokens, layers: 2, heads: 2, size, weights: new Uint8Array(4 * size ** 2) };
}

export function patternsOf({ seed, length, sequences }: HeadPatternParams): HeadPatterns {
  const scores = () => Float32Array.of(0.1, 0.2, 0.3, 0.4);
  return {
    ...{ model: receipt.model, seed, length, sequences, layers: 2, heads: 2 },
    ...{ previous: scores(), duplicate: scores(), induction: scores(), first: scores() },
  };
}

interface Request<P, R, G> {
  params: P;
  options: RequestOptions<G>;
  resolve(result: R): void;
}

export class FakeEngine implements EngineClient {
  restarts = 0;
  readonly explained: Request<ExplainParams, Explanation, PartialExplanation>[] = [];
  readonly doubted: Request<EvidenceParams, Evidence, PartialEvidence>[] = [];
  readonly flips: Request<FlipParams, Flipped, PartialFlip>[] = [];
  readonly tests: Request<AdversarialParams, Adversarial, PartialAdversarial>[] = [];
  readonly scored: ScoreParams[] = [];
  readonly attended: AttendParams[] = [];
  readonly distributed: DistributionParams[] = [];
  readonly probed: Request<ContextProbeParams, ContextProbe, PartialContextProbe>[] = [];
  readonly looked: Request<LensParams, Lens, never>[] = [];
  readonly mapped: AttentionMapParams[] = [];
  readonly measured: HeadPatternParams[] = [];
  /** Of the candidates after a text, by their ids; a test can say what heads that are off do to them. */
  probabilities: (without: DistributionParams['without']) => Record<number, number> = () => ({
    50: 0.5,
    51: 0.25,
  });
  readonly generated: Request<GenerateParams, Generation, GeneratedPiece>[] = [];
  readonly weighed: Request<ImportanceParams, Importance, Importance>[] = [];
  readonly structures: Request<{ modelDir: string }, Structure, never>[] = [];

  async restart(): Promise<void> {
    this.restarts++;
  }

  load: EngineVerb<'load'> = async () => info;
  attention: EngineVerb<'attention'> = unasked;
  remove: EngineVerb<'remove'> = unasked;
  evaluate: EngineVerb<'evaluate'> = unasked;

  flip(params: FlipParams, options: RequestOptions<PartialFlip>): Promise<Flipped> {
    return pending(this.flips, params, options);
  }

  adversarial(params: AdversarialParams, options: RequestOptions<PartialAdversarial>): Promise<Adversarial> {
    return pending(this.tests, params, options);
  }

  evidence(params: EvidenceParams, options: RequestOptions<PartialEvidence>): Promise<Evidence> {
    return pending(this.doubted, params, options);
  }

  explain(params: ExplainParams, options: RequestOptions<PartialExplanation>): Promise<Explanation> {
    return pending(this.explained, params, options);
  }

  async score(params: ScoreParams, _options: RequestOptions<TokenScore[]>): Promise<Scores> {
    this.scored.push(params);
    return scoresOf(params);
  }

  generate(params: GenerateParams, options: RequestOptions<GeneratedPiece>): Promise<Generation> {
    return pending(this.generated, params, options);
  }

  async attend(params: AttendParams, _options: RequestOptions): Promise<AttentionRows> {
    this.attended.push(params);
    return rowsOf(params);
  }

  importance(params: ImportanceParams, options: RequestOptions<Importance>): Promise<Importance> {
    return pending(this.weighed, params, options);
  }

  structure(params: { modelDir: string }, options: RequestOptions): Promise<Structure> {
    return pending(this.structures, params, options);
  }

  async attentionMap(params: AttentionMapParams): Promise<AttentionMap> {
    this.mapped.push(params);
    return mapOf(params);
  }

  async thumbnails(params: ThumbnailParams): Promise<AttentionThumbnails> {
    return thumbnailsOf(params);
  }

  async headPatterns(params: HeadPatternParams): Promise<HeadPatterns> {
    this.measured.push(params);
    return patternsOf(params);
  }

  async distribution(params: DistributionParams): Promise<NextTokens> {
    this.distributed.push(params);
    return nextTokensOf(params, this.probabilities(params.without));
  }

  contextProbe(
    params: ContextProbeParams,
    options: RequestOptions<PartialContextProbe>,
  ): Promise<ContextProbe> {
    return pending(this.probed, params, options);
  }

  lens(params: LensParams, options: RequestOptions): Promise<Lens> {
    return pending(this.looked, params, options);
  }

  dispose(): void {}
}

async function unasked(): Promise<never> {
  throw new Error('not asked for in these tests');
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
