/** A checkpoint's programs, with their pace: each is compiled when it is first needed, and kept. */
import type { Checkpoint } from '../checkpoint/types.ts';
import type { Graph } from '../onnx/graph.ts';
import { cutIntoStages } from '../onnx/stages.ts';
import type { Run } from '../run.ts';
import type { Backend, CompileOptions, Program } from '../runtime/backend.ts';
import { type BlockGradientVariant, blockGradientGraph } from './graphs/blockGradient.ts';
import { contrastGraph } from './graphs/contrast.ts';
import { type DecodeVariant, decodeGraph } from './graphs/decode.ts';
import { type ForwardVariant, forwardGraph } from './graphs/forward.ts';
import { type GradientVariant, gradientGraph } from './graphs/gradient.ts';
import { headGraph } from './graphs/head.ts';
import { ablationGraph, layerGraph } from './graphs/layer.ts';
import { distancesGraph, mixingGraph, sourcesGraph, zeroingGraph } from './graphs/mixing.ts';
import { type MultipliersVariant, multipliersGraph } from './graphs/multipliers.ts';
import { type PatternVariant, patternGraph } from './graphs/pattern.ts';
import { productsGraph } from './graphs/products.ts';
import { stepGraph } from './graphs/step.ts';
import { writesGraph } from './graphs/writes.ts';
import { type Pace, paceOf, type SliceLength } from './pace.ts';

/** All requests share the programs. @throws EngineError `cancelled`, `file-changed` */
export class Programs {
  readonly pace: Pace;
  readonly #checkpoint: Checkpoint;
  readonly #backend: Backend;
  readonly #wordEnds: () => Uint8Array;
  readonly #compiled = new Map<string, Promise<Program>>();

  /** @param wordEnds see {@link wordEndsOf} */
  constructor(checkpoint: Checkpoint, backend: Backend, slices: SliceLength, wordEnds: () => Uint8Array) {
    this.#checkpoint = checkpoint;
    this.#wordEnds = wordEnds;
    this.#backend = backend;
    this.pace = paceOf(checkpoint.config, slices, backend.capabilities.flopsPerSecond);
  }

  /** Compiles the programs of the default explanation, so that the first one does not wait for them. */
  async warmUp(run: Run): Promise<void> {
    await this.decode(run, { past: false, patterns: 'none', residuals: false, headMask: false });
    await this.head(run);
    for (const prefix of [false, true]) {
      for (const gradient of [false, true]) {
        await this.gradient(run, { objective: 'linear', prefix, hidden: false, gradient }, this.stages(1));
        await run.breathe();
      }
    }
  }

  /** In stages; see {@link Pace.readingStages}. */
  decode(run: Run, variant: DecodeVariant): Promise<Program[]> {
    const key = `decode ${JSON.stringify(variant)}`;
    return this.#staged(run, key, () => decodeGraph(this.#checkpoint, variant), this.pace.readingStages);
  }

  /** In as many stages as reading. */
  step(run: Run): Promise<Program[]> {
    const stages = this.pace.readingStages;
    // Spinning gives 45 tokens/s instead of 40 at 124M parameters, but 20 instead of 24 beside a busy loop on every
    // core.
    const options = { spinning: stages === 1 };
    return this.#staged(run, 'step', () => stepGraph(this.#checkpoint), stages, options);
  }

  head(run: Run): Promise<Program> {
    return this.#program(run, 'head', () => headGraph(this.#checkpoint, this.#wordEnds()));
  }

  /** One layer for many sequences; see {@link layerGraph}. */
  layer(run: Run, layer: number): Promise<Program> {
    return this.#program(run, `layer ${layer}`, () => layerGraph(this.#checkpoint, layer));
  }

  /** One layer without some of its parts; see {@link ablationGraph}. */
  ablation(run: Run, layer: number): Promise<Program> {
    return this.#program(run, `ablation ${layer}`, () => ablationGraph(this.#checkpoint, layer));
  }

  /** What one layer writes along a direction; see {@link writesGraph}. */
  writes(run: Run, layer: number): Promise<Program> {
    return this.#program(run, `writes ${layer}`, () => writesGraph(this.#checkpoint, layer));
  }

  /** What the tokens of a text give each other in one layer; see {@link mixingGraph}. */
  mixing(run: Run, layer: number): Promise<Program> {
    return this.#program(run, `mixing ${layer}`, () => mixingGraph(this.#checkpoint, layer));
  }

  sources(run: Run, layer: number): Promise<Program> {
    return this.#program(run, `sources ${layer}`, () => sourcesGraph(this.#checkpoint, layer));
  }

  /** The same for all layers: it has no weights. */
  distances(run: Run): Promise<Program> {
    return this.#program(run, 'distances', () => distancesGraph(this.#checkpoint));
  }

  /** The layer without the values of some tokens; see {@link zeroingGraph}. */
  zeroing(run: Run, layer: number): Promise<Program> {
    return this.#program(run, `zeroing ${layer}`, () => zeroingGraph(this.#checkpoint, layer));
  }

  /** Directions times all embeddings; see {@link productsGraph}. */
  products(run: Run): Promise<Program> {
    return this.#program(run, 'products', () => productsGraph(this.#checkpoint));
  }

  contrast(run: Run): Promise<Program> {
    return this.#program(run, 'contrast', () => contrastGraph(this.#checkpoint));
  }

  /**
   * Into how many stages the gradient graph is cut for work that fills so many slices: a power of two, so that few
   * different cuts are made. At least one per eight layers, since onnxruntime's preparation of a graph takes the
   * square of its length (12 layers: 290 ms in one piece, 130 ms in two); at most one per product with weights, of
   * which a layer has four.
   */
  stages(slices: number): number {
    const { layers } = this.#checkpoint.config;
    const wanted = Math.ceil(Math.log2(Math.max(1, layers / 8, slices)));
    return 2 ** Math.min(wanted, Math.floor(Math.log2(4 * layers)));
  }

  /** The gradient graph as so many stages; see {@link cutIntoStages}. */
  gradient(run: Run, variant: GradientVariant, stages: number): Promise<Program[]> {
    const key = `gradient ${JSON.stringify(variant)}`;
    return this.#staged(run, key, () => gradientGraph(this.#checkpoint, variant), stages);
  }

  /** DeepLIFT's multipliers as so many stages; see {@link multipliersGraph}. */
  multipliers(run: Run, variant: MultipliersVariant, stages: number): Promise<Program[]> {
    const key = `multipliers ${JSON.stringify(variant)}`;
    return this.#staged(run, key, () => multipliersGraph(this.#checkpoint, variant), stages);
  }

  /** The stream of whole inputs as so many stages; see {@link forwardGraph}. */
  forward(run: Run, variant: ForwardVariant, stages: number): Promise<Program[]> {
    const key = `forward ${JSON.stringify(variant)}`;
    return this.#staged(run, key, () => forwardGraph(this.#checkpoint, variant), stages);
  }

  pattern(run: Run, variant: PatternVariant): Promise<Program> {
    return this.#program(run, `pattern ${JSON.stringify(variant)}`, () =>
      patternGraph(this.#checkpoint, variant),
    );
  }

  /** The backward pass of one block as so many stages: a power of two, at most 4, as it has seven products. */
  blockGradient(run: Run, variant: BlockGradientVariant, stages: number): Promise<Program[]> {
    const key = `block gradient ${JSON.stringify(variant)}`;
    return this.#staged(run, key, () => blockGradientGraph(this.#checkpoint, variant), stages);
  }

  /** Releases all programs; those that are being compiled, as soon as they are done. */
  async release(): Promise<void> {
    const programs = await Promise.allSettled(this.#compiled.values());
    this.#compiled.clear();
    for (const program of programs) if (program.status === 'fulfilled') await program.value.release();
  }

  async #staged(
    run: Run,
    name: string,
    graph: () => Graph,
    stages: number,
    options?: CompileOptions,
  ): Promise<Program[]> {
    const parts = lazily(() => (stages === 1 ? [graph()] : cutIntoStages(graph(), stages)));
    const programs: Program[] = [];
    for (let stage = 0; stage < stages; stage++) {
      const part = () => parts()[stage] as Graph;
      programs.push(await this.#program(run, `${name} ${stage}/${stages}`, part, options));
    }
    return programs;
  }

  async #program(run: Run, key: string, build: () => Graph, options?: CompileOptions): Promise<Program> {
    let program = this.#compiled.get(key);
    if (!program) {
      program = this.#backend.compile(build(), this.#checkpoint.weights, options);
      this.#compiled.set(key, program);
      program.catch(() => this.#compiled.delete(key));
    }
    const ready = await program;
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
