/** Points that several methods ask for. */
import type { Domain, Ends, Evaluation, FunctionWith, Point } from './method.ts';

export function atInput(f: Domain): Point {
  return { from: 0, rows: f.x };
}

export function atBaseline(f: Domain): Point {
  return { from: 0, rows: f.baseline };
}

/** x′ + α (x − x′). */
export function onPath(f: Domain, alpha: number): Point {
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
export async function gradientAtInput(
  f: FunctionWith<'values' | 'gradients'>,
): Promise<Ends & { gradient: Float32Array }> {
  const [input] = (await f.gradients([atInput(f)])) as [Evaluation];
  const [baselineValue] = (await f.values([atBaseline(f)])) as [number];
  return { ...input, baselineValue };
}
