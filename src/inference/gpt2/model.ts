/** A checkpoint with its sessions: each is made when it is first needed and kept. */
import type { Checkpoint } from '../checkpoint/types.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Run } from '../run.ts';
import type { Gpt2Tokenizer } from '../tokens.ts';
import { type DecodeVariant, decodeGraph } from './graphs/decode.ts';
import { type GradientVariant, gradientGraph } from './graphs/gradient.ts';
import { headGraph } from './graphs/head.ts';
import { Pacer } from './pacer.ts';
import { createSession, loadRuntime, type Ort, type Session } from './runtime.ts';

/** A cancellation waits for one slice. */
const sliceMilliseconds = 120;

export class Gpt2 {
  readonly checkpoint: Checkpoint;
  readonly tokenizer: Gpt2Tokenizer;
  readonly ort: Ort;
  readonly pace: { decode: Pacer; head: Pacer; gradient: Pacer };
  readonly #sessions = new Map<string, Promise<Session>>();

  private constructor(checkpoint: Checkpoint, tokenizer: Gpt2Tokenizer, ort: Ort) {
    this.checkpoint = checkpoint;
    this.tokenizer = tokenizer;
    this.ort = ort;
    const { layers, width, inner, vocabularySize } = checkpoint.config;
    const forward = 2 * layers * (4 * width * width + 2 * width * inner);
    this.pace = {
      decode: new Pacer(forward, sliceMilliseconds),
      head: new Pacer(2 * width * vocabularySize, sliceMilliseconds),
      gradient: new Pacer(2 * forward, sliceMilliseconds),
    };
  }

  static async create(checkpoint: Checkpoint, tokenizer: Gpt2Tokenizer): Promise<Gpt2> {
    return new Gpt2(checkpoint, tokenizer, await loadRuntime());
  }

  get config() {
    return this.checkpoint.config;
  }

  decodeSession(run: Run, variant: DecodeVariant = { patterns: false, residuals: false }): Promise<Session> {
    return this.#session(run, `decode ${JSON.stringify(variant)}`, () => decodeGraph(this.checkpoint, variant));
  }

  headSession(run: Run): Promise<Session> {
    return this.#session(run, 'head', () => headGraph(this.checkpoint));
  }

  gradientSession(run: Run, variant: GradientVariant): Promise<Session> {
    return this.#session(run, `gradient ${JSON.stringify(variant)}`, () => gradientGraph(this.checkpoint, variant));
  }

  async dispose(): Promise<void> {
    const sessions = await Promise.allSettled(this.#sessions.values());
    this.#sessions.clear();
    for (const session of sessions) if (session.status === 'fulfilled') await session.value.release();
    this.checkpoint.dispose();
  }

  async #session(run: Run, key: string, build: () => Graph): Promise<Session> {
    let session = this.#sessions.get(key);
    if (!session) {
      session = createSession(build(), this.checkpoint.weights);
      this.#sessions.set(key, session);
      session.catch(() => this.#sessions.delete(key));
    }
    const ready = await session;
    run.throwIfAborted();
    return ready;
  }
}
