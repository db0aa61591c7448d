/**
 * ∂f/∂(residual stream) of the newest question about a text. The backward pass continues from there when another layer
 * is asked for; another head needs one block only.
 */

import type { KnownGradients } from '../attentionGradient.ts';
import type { Contrast } from '../contrast.ts';

/** 1,024 tokens at 124M parameters are 38 MB. */
const mostBytesKept = 64_000_000;

export class StreamGradients {
  readonly #mostBytes: number;
  #question = '';
  #known = new Map<number, Float32Array>();

  constructor(mostBytes = mostBytesKept) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes that are held. */
  get bytes(): number {
    return bytesOf(this.#known);
  }

  /**
   * The gradients for a question. Those for any other question are forgotten, but a request that holds them can go on
   * using them.
   */
  of(ids: readonly number[], contrast: Contrast): KnownGradients {
    const question = JSON.stringify([ids, contrast]);
    if (question !== this.#question) this.#known = new Map();
    this.#question = question;
    const known = this.#known;
    return {
      get: (layer) => known.get(layer),
      set: (layer, gradient) => {
        if (bytesOf(known) + gradient.byteLength <= this.#mostBytes) known.set(layer, gradient);
      },
    };
  }
}

function bytesOf(gradients: ReadonlyMap<number, Float32Array>): number {
  return [...gradients.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}
