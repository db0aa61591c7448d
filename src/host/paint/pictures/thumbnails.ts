import { element, rounded } from './svg.ts';

/** Every head's row of attention at one query as a strip; a row of strips per layer. */

export interface HeadRows {
  layers: number;
  heads: number;
  /** Weights from 0 to 1: `[layer, head, key]`. */
  rows: Float32Array;
}

/** Sizes in pixels. */
export interface Grid {
  /** The distance from one strip to the next. */
  pitch: { x: number; y: number };
  strip: { width: number; height: number };
  bins: number;
}

/** How many levels of opacity there are. */
const steps = 6;

/** The largest strips that fit, up to a limit. */
export function gridFor(
  { layers, heads, rows }: HeadRows,
  width: number,
  height: number,
  mostBins: number,
): Grid {
  const pitch = (room: number, count: number, least: number, most: number) =>
    Math.min(most, Math.max(least, Math.floor(room / Math.max(1, count))));
  const [x, y] = [pitch(width, heads, 3, 40), pitch(height, layers, 3, 20)];
  const gap = (size: number) => (size < 8 ? 1 : 2);
  const strip = { width: x - gap(x), height: y - gap(y) };
  const keys = Math.floor(rows.length / Math.max(1, layers * heads));
  return { pitch: { x, y }, strip, bins: Math.min(keys, strip.width, mostBins) };
}

/** The largest weight of each bin. Keys are distributed evenly over bins. */
export function pooled(row: Float32Array, bins: number): number[] {
  return Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [bin, bin + 1].map((edge) => Math.floor((edge * row.length) / bins));
    return row.subarray(from, to).reduce((most, weight) => Math.max(most, weight), 0);
  });
}

/**
 * All strips, beginning at (0, 0), in black of several opacities. The opacity follows the square root of the weight, as
 * most weights are small. There is one path per opacity to keep the picture short.
 */
export function thumbnails(input: HeadRows, grid: Grid): string {
  const paths = Array.from({ length: steps + 1 }, () => '');
  const keys = Math.floor(input.rows.length / Math.max(1, input.layers * input.heads));
  for (let layer = 0; layer < input.layers; layer++) {
    const y = rounded(layer * grid.pitch.y + grid.strip.height / 2);
    for (let head = 0; head < input.heads; head++) {
      const from = (layer * input.heads + head) * keys;
      const x = head * grid.pitch.x;
      paths[0] += `M${x} ${y}h${grid.strip.width}`;
      for (const run of runs(pooled(input.rows.subarray(from, from + keys), grid.bins).map(stepOf))) {
        const [start, end] = [run.start, run.end].map((bin) => (bin * grid.strip.width) / grid.bins);
        if (run.step > 0) paths[run.step] += `M${rounded(x + start!)} ${y}h${rounded(end! - start!)}`;
      }
    }
  }
  const opacity = (step: number) => (step === 0 ? 0.12 : step / steps);
  return paths
    .map((d, step) => ({ d, opacity: opacity(step) }))
    .filter(({ d }) => d !== '')
    .map(({ d, opacity }) =>
      element('path', { d, stroke: '#000', 'stroke-width': grid.strip.height, opacity }),
    )
    .join('');
}

function stepOf(weight: number): number {
  return Math.round(steps * Math.sqrt(Math.min(1, weight)));
}

/** Joins neighbouring bins of the same step. */
function runs(values: readonly number[]): { start: number; end: number; step: number }[] {
  const found: { start: number; end: number; step: number }[] = [];
  for (const [bin, step] of values.entries()) {
    const last = found.at(-1);
    if (last?.step === step) last.end = bin + 1;
    else found.push({ start: bin, end: bin + 1, step });
  }
  return found;
}
