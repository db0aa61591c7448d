/** The Python side of the benchmark: peers.py, one request at a time. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./peers.py', import.meta.url));

export interface PeerAttribution {
  seconds: number[];
  value: number;
  baselineValue: number;
  scores: number[];
  delta: number;
}

export class Peer {
  readonly #child;
  readonly #lines: AsyncIterator<string>;
  #requests = 0;

  /** @param python an interpreter that has torch, transformers and captum */
  constructor(python: string, modelDir: string) {
    this.#child = spawn(python, [script, '--model', modelDir], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** Versions and threads, once the model is loaded. */
  async ready(): Promise<{ versions: Record<string, string>; threads: number; loadSeconds: number }> {
    return (await this.#next()).ready as Awaited<ReturnType<Peer['ready']>>;
  }

  async ask<R>(name: string, args: Record<string, unknown> = {}): Promise<R> {
    this.#child.stdin.write(`${JSON.stringify({ id: ++this.#requests, do: name, ...args })}\n`);
    const answer = await this.#next();
    if (answer.error !== undefined) throw new Error(`${name}: ${answer.error}`);
    return answer.result as R;
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }

  async #next(): Promise<Record<string, unknown>> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the Python process ended; see its messages above');
    return JSON.parse(value) as Record<string, unknown>;
  }
}
