/** Points that several methods ask for. */
import type { Ends, Evaluation, ExplainedFunction, Point } from './method.ts';

export function atInput(f: ExplainedFunction): Point {
  return { from: 0, rows: f.x };
}

export function atBaseline(f: ExplainedFunction): Point {
  return { from: 0, rows: f.baseline };
}

/** x′ + α (x − x′). */
export function onPath(f: ExplainedFunction, alpha: number): Point {
  const rows = f.baseline.map((start, index) => start + alpha * ((f.x[index] as number) - start));
  return { from: 0, rows };
}

/** Per row, Σ_c a[row, c] · b[row, c]; both `[count, width]`. */
export function rowDots(a: Float32Array, b: Float32Array, width: number): Float64Array {
  const dots = new Float64Array(a.length / width);
  for (let row = 0; row < dots.length; row++) {
    let total = 0;
    for (let at = row * width; at < (row + 1) * width; at++) total += (a[at] as number) * (b[at] as number);
    dots[row] = total;
  }
  return dots;
}

/** f and its gradient at x, and f at x′, which needs no gradient. */
export async function gradientAtInput(f: ExplainedFunction): Promise<Ends & { gradient: Float32Array }> {
  const [input] = (await f.evaluate([atInput(f)], { gradient: true })) as [Evaluation];
  const [baseline] = (await f.evaluate([atBaseline(f)], { gradient: false })) as [Evaluation];
  return { value: input.value, gradient: input.gradient, baselineValue: baseline.value };
}
