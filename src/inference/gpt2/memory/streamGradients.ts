/**
 * ∂f/∂(residual stream) of the newest question about a text: where the backward pass goes on when another layer is asked
 * for, and one block is all that is computed again for another head.
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

  /** Those of a question; of any other one all are forgotten, but not taken from who works with them. */
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
