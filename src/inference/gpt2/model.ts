/** A checkpoint with its sessions: each is made when it is first needed and kept. */
import type { ModelInfo } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import { checkFinite } from '../checkpoint/finite.ts';
import type { Checkpoint } from '../checkpoint/types.ts';
import type { Graph } from '../onnx/graph.ts';
import { cutIntoStages } from '../onnx/stages.ts';
import { Run } from '../run.ts';
import type { Backend, CompileOptions, Program } from '../runtime/backend.ts';
import type { Gpt2Tokenizer } from '../tokens.ts';
import { type BlockGradientVariant, blockGradientGraph } from './graphs/blockGradient.ts';
import { contrastGraph } from './graphs/contrast.ts';
import { type DecodeVariant, decodeGraph } from './graphs/decode.ts';
import { type GradientVariant, gradientGraph } from './graphs/gradient.ts';
import { headGraph } from './graphs/head.ts';
import { ablationGraph, layerGraph } from './graphs/layer.ts';
import { type PatternVariant, patternGraph } from './graphs/pattern.ts';
import { stepGraph } from './graphs/step.ts';
import { writesGraph } from './graphs/writes.ts';
import { MeanPatterns } from './meanPatterns.ts';
import { meanRow } from './meanRow.ts';
import { Pacer } from './pacer.ts';
import { Readings } from './readings.ts';
import { RecentDistributions } from './recentDistributions.ts';
import { StreamGradients } from './streamGradients.ts';
import { Streams } from './streams.ts';

/**
 * How long one slice of work may block the thread, in milliseconds, and so how long a cancellation waits.
 * `interactive`: for an editor. `throughput`: for scripts; a gradient of 30 tokens is half as dear in slices of 250
 * rows as in slices of 30.
 */
export const sliceLengths = { interactive: 160, throughput: 800 } as const;
export type SliceLength = keyof typeof sliceLengths;

/** 8 MB; the head graph holds several arrays of this size. */
const logitsAtOnce = 2 ** 21;

export class Gpt2 {
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Gpt2Tokenizer;
  readonly pace: { decode: Pacer; head: Pacer; value: Pacer; gradient: Pacer; layer: Pacer };
  readonly readings = new Readings(this);
  readonly meanPatterns: MeanPatterns;
  readonly recentDistributions = new RecentDistributions();
  readonly streams = new Streams(this);
  readonly streamGradients = new StreamGradients();
  readonly #closing = new AbortController();
  readonly #background = new Run(this.#closing.signal, () => {});
  #inspection: Promise<void> | undefined;
  #damage: unknown;
  #meanEmbedding: Float32Array | undefined;
  readonly #backend: Backend;
  readonly #sessions = new Map<string, Promise<Program>>();

  constructor(checkpoint: Checkpoint, tokenizer: Gpt2Tokenizer, backend: Backend, slices: SliceLength) {
    this.checkpoint = checkpoint;
    this.tokenizer = tokenizer;
    this.#backend = backend;
    this.meanPatterns = new MeanPatterns(checkpoint.config);
    const { layers, width, inner, vocabularySize } = checkpoint.config;
    const { flopsPerSecond } = backend.capabilities;
    const pacer = (flopsPerRow: number, mostRows: number) =>
      new Pacer((1000 * flopsPerRow) / flopsPerSecond, sliceLengths[slices], mostRows);
    const forward = 2 * layers * (4 * width * width + 2 * width * inner);
    const [blockRows, layerRows] = [256, 512];
    const headRows = Math.min(blockRows, Math.ceil(logitsAtOnce / vocabularySize));
    this.pace = {
      decode: pacer(forward, blockRows),
      head: pacer(2 * width * vocabularySize, headRows),
      value: pacer(forward, blockRows),
      gradient: pacer(2 * forward, blockRows),
      // Of one layer alone there is room for more.
      layer: pacer(forward / layers, layerRows),
    };
  }

  get config() {
    return this.checkpoint.config;
  }

  /** 16 MB: some 40 milliseconds on two cores, and the graph holds a few arrays of this size. */
  get patternWeightsAtOnce(): number {
    return 2 ** 22;
  }

  info(): ModelInfo {
    return {
      name: this.checkpoint.name,
      layers: this.config.layers,
      heads: this.config.heads,
      width: this.config.width,
      contextLength: this.config.contextLength,
      vocabularySize: this.config.vocabularySize,
      parameters: this.checkpoint.parameters,
      dtype: this.checkpoint.dtype,
    };
  }

  /** Makes the sessions of the default explanation, so that the first one does not wait for them. */
  async warmUp(run: Run): Promise<void> {
    await this.decodeSession(run, { past: false, patterns: 'none', residuals: false, headMask: false });
    await this.headSession(run);
    for (const prefix of [false, true]) {
      for (const gradient of [false, true]) {
        await this.gradientSessions(run, { objective: 'linear', prefix, gradient }, this.stages(1));
        await run.breathe();
      }
    }
  }

  /**
   * Reads the whole file while other work runs, at the first call: for the hash that every receipt needs, then for
   * NaN, which is refused even where no text has touched it yet.
   * @throws EngineError `tensor-not-finite` from the first call after it was found
   */
  assertSound(): void {
    this.#inspection ??= this.checkpoint
      .fingerprint()
      .then(() => checkFinite(this.checkpoint, this.#background))
      .catch((error) => {
        this.#damage = error;
      });
    if (this.#damage) throw this.#damage;
  }

  /** The mean row of wte, `[C]`. */
  meanEmbedding(): Float32Array {
    const { weights } = this.checkpoint;
    this.#meanEmbedding ??= meanRow(
      (begin, end) => weights.values('wte.weight', begin, end),
      this.config.vocabularySize,
      this.config.width,
    );
    return this.#meanEmbedding;
  }

  /**
   * The value itself, once it is known to be a number.
   * @throws EngineError `tensor-not-finite` when a weight is to blame, else `result-not-finite`
   */
  async finite(value: number | undefined, run: Run): Promise<number> {
    if (value !== undefined && Number.isFinite(value)) return value;
    await checkFinite(this.checkpoint, run);
    throw new EngineError('result-not-finite', { value: String(value) });
  }

  decodeSession(run: Run, variant: DecodeVariant): Promise<Program> {
    return this.#session(run, `decode ${JSON.stringify(variant)}`, () =>
      decodeGraph(this.checkpoint, variant),
    );
  }

  stepSession(run: Run): Promise<Program> {
    // At 124M parameters 45 tokens/s instead of 40; beside a busy loop on every core 20 instead of 24.
    return this.#session(run, 'step', () => stepGraph(this.checkpoint), { spinning: true });
  }

  headSession(run: Run): Promise<Program> {
    return this.#session(run, 'head', () => headGraph(this.checkpoint));
  }

  /** One layer for many sequences; see {@link layerGraph}. */
  layerSession(run: Run, layer: number): Promise<Program> {
    return this.#session(run, `layer ${layer}`, () => layerGraph(this.checkpoint, layer));
  }

  /** One layer without some of its parts; see {@link ablationGraph}. */
  ablationSession(run: Run, layer: number): Promise<Program> {
    return this.#session(run, `ablation ${layer}`, () => ablationGraph(this.checkpoint, layer));
  }

  /** What one layer writes along a direction; see {@link writesGraph}. */
  writesSession(run: Run, layer: number): Promise<Program> {
    return this.#session(run, `writes ${layer}`, () => writesGraph(this.checkpoint, layer));
  }

  contrastSession(run: Run): Promise<Program> {
    return this.#session(run, 'contrast', () => contrastGraph(this.checkpoint));
  }

  /**
   * Into how many stages the gradient graph is cut for work that fills so many slices: a power of two, so that few
   * different cuts are made. At least one per eight layers, since onnxruntime's preparation of a graph takes the
   * square of its length (12 layers: 290 ms in one piece, 130 ms in two); at most one per product with weights, of
   * which a layer has four.
   */
  stages(slices: number): number {
    const wanted = Math.ceil(Math.log2(Math.max(1, this.config.layers / 8, slices)));
    return 2 ** Math.min(wanted, Math.floor(Math.log2(4 * this.config.layers)));
  }

  /** The gradient graph as so many stages; see {@link cutIntoStages}. */
  gradientSessions(run: Run, variant: GradientVariant, stages: number): Promise<Program[]> {
    const key = `gradient ${JSON.stringify(variant)}`;
    return this.#stagedSessions(run, key, () => gradientGraph(this.checkpoint, variant), stages);
  }

  patternSession(run: Run, variant: PatternVariant): Promise<Program> {
    return this.#session(run, `pattern ${JSON.stringify(variant)}`, () =>
      patternGraph(this.checkpoint, variant),
    );
  }

  /** The backward pass of one block as so many stages: a power of two, at most 4, as it has seven products. */
  blockGradientSessions(run: Run, variant: BlockGradientVariant, stages: number): Promise<Program[]> {
    const key = `block gradient ${JSON.stringify(variant)}`;
    return this.#stagedSessions(run, key, () => blockGradientGraph(this.checkpoint, variant), stages);
  }

  async dispose(): Promise<void> {
    this.#closing.abort();
    await this.#inspection;
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    for (const session of sessions) if (session.status === 'fulfilled') await session.value.release();
    this.checkpoint.dispose();
  }

  async #stagedSessions(run: Run, name: string, graph: () => Graph, stages: number): Promise<Program[]> {
    const parts = lazily(() => (stages === 1 ? [graph()] : cutIntoStages(graph(), stages)));
    const sessions: Program[] = [];
    for (let stage = 0; stage < stages; stage++) {
      sessions.push(await this.#session(run, `${name} ${stage}/${stages}`, () => parts()[stage] as Graph));
    }
    return sessions;
  }

  async #session(run: Run, key: string, build: () => Graph, options?: CompileOptions): Promise<Program> {
    let session = this.#sessions.get(key);
    if (!session) {
      session = this.#backend.compile(build(), this.checkpoint.weights, options);
      this.#sessions.set(key, session);
      session.catch(() => this.#sessions.delete(key));
    }
    const ready = await session;
    run.throwIfAborted();
    return ready;
  }
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
