/** How much work on a GPT-2 one slice may have. */
import type { Gpt2Config } from '../checkpoint/types.ts';
import { Pacer } from './pacer.ts';

/**
 * How long one slice of work may block the thread, in milliseconds, and so how long a cancellation waits.
 * `interactive`: for an editor. `throughput`: for scripts; a gradient of 30 tokens costs half as much in slices of 250
 * rows as in slices of 30.
 */
export const sliceLengths = { interactive: 160, throughput: 800 } as const;
export type SliceLength = keyof typeof sliceLengths;

/** 8 MB; the head graph holds several arrays of this size. */
const logitsAtOnce = 2 ** 21;

/** 16 MB: some 40 milliseconds on two cores, and the graph holds a few arrays of this size. */
const patternWeightsAtOnce = 2 ** 22;

/** Bytes of weights that a stage of reading may go through: even for one token that takes a tenth of a second or two. */
const weightsAtOnce = 800_000_000;

/** A pacer for each kind of work; all learn from what was timed. */
export interface Pace {
  readonly decode: Pacer;
  readonly head: Pacer;
  readonly value: Pacer;
  readonly gradient: Pacer;
  /** For one layer by itself. */
  readonly layer: Pacer;
  /** How many attention weights a slice may have. */
  readonly patternWeights: number;
  /**
   * Into how many stages the forward pass is cut: a run reads all its weights and cannot be interrupted, which is too
   * long for a model of gigabytes even for one token. One up to 200M parameters.
   */
  readonly readingStages: number;
}

/** @param flopsPerSecond the backend's speed, for a first guess */
export function paceOf(
  { layers, width, inner, vocabularySize }: Gpt2Config,
  slices: SliceLength,
  flopsPerSecond: number,
): Pace {
  const pacer = (flopsPerRow: number, mostRows: number, stages = 1) =>
    new Pacer((1000 * flopsPerRow) / flopsPerSecond, stages * sliceLengths[slices], mostRows);
  const forward = 2 * layers * (4 * width * width + 2 * width * inner);
  // A power of two, and at most one per layer.
  const bytes = (forward / 2) * Float32Array.BYTES_PER_ELEMENT;
  const wanted = Math.ceil(Math.log2(Math.max(1, bytes / weightsAtOnce)));
  const readingStages = 2 ** Math.min(wanted, Math.floor(Math.log2(layers)));
  const [blockRows, layerRows] = [256, 512];
  const headRows = Math.min(blockRows, Math.ceil(logitsAtOnce / vocabularySize));
  return {
    decode: pacer(forward, blockRows, readingStages),
    head: pacer(2 * width * vocabularySize, headRows),
    value: pacer(forward, blockRows),
    gradient: pacer(2 * forward, blockRows),
    // One layer alone needs less memory, so that more rows fit.
    layer: pacer(forward / layers, layerRows),
    patternWeights: patternWeightsAtOnce,
    readingStages,
  };
}
