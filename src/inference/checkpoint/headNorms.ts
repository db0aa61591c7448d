/**
 * ‖W_V W_O‖ (Frobenius) of every head: how much it can write into the stream, whatever it attends to (Elhage et al.
 * 2021, "A mathematical framework for transformer circuits", the OV circuit).
 *
 * The product is C × C, but ‖A B‖² = tr(Bᵀ Aᵀ A B) = tr((Aᵀ A)(B Bᵀ)), and both factors on the right are D × D.
 */
import type { Run } from '../run.ts';
import type { Gpt2Config, MappedWeights } from './types.ts';

/** Values per read: 4 MB. */
const sliceLength = 1 << 20;

/** The norms for the heads of one layer, `[H]`. @throws EngineError `file-changed`, `file-unreadable`, `cancelled` */
export async function headNorms(
  weights: MappedWeights,
  { width: C, heads: H }: Gpt2Config,
  layer: number,
  run: Run,
): Promise<Float32Array> {
  const D = C / H;
  const valueGrams = Array.from({ length: H }, () => new Float64Array(D * D));
  const columns = 3 * C;
  const rowsAtOnce = Math.max(1, Math.floor(sliceLength / columns));
  for (let row = 0; row < C; row += rowsAtOnce) {
    const end = Math.min(C, row + rowsAtOnce);
    const slice = weights.values(`h.${layer}.attn.c_attn.weight`, row * columns, end * columns);
    for (const [head, gram] of valueGrams.entries()) {
      // This head's rows of W_V: the values come after queries and keys.
      for (let at = 2 * C + head * D; at < slice.length; at += columns) addOuter(gram, slice, at, 1, D);
      await run.breathe();
    }
  }
  const norms = new Float32Array(H);
  for (const [head, gram] of valueGrams.entries()) {
    const outputs = weights.values(`h.${layer}.attn.c_proj.weight`, head * D * C, (head + 1) * D * C);
    const outputGram = new Float64Array(D * D);
    // Columns of W_O.
    for (let at = 0; at < C; at++) addOuter(outputGram, outputs, at, C, D);
    norms[head] = Math.sqrt(traceOfProduct(gram, outputGram, D));
    await run.breathe();
  }
  return norms;
}

/**
 * Adds x xᵀ for the D values at `at`, `at + stride` …; only to the lower triangle, because the product is symmetric.
 */
function addOuter(gram: Float64Array, values: Float32Array, at: number, stride: number, D: number): void {
  for (let i = 0; i < D; i++) {
    const x = values[at + i * stride]!;
    for (let j = 0; j <= i; j++) gram[i * D + j] = gram[i * D + j]! + x * values[at + j * stride]!;
  }
}

/** tr(G F) of two symmetric matrices that are given by their lower triangles. */
function traceOfProduct(g: Float64Array, f: Float64Array, D: number): number {
  let trace = 0;
  for (let i = 0; i < D; i++) {
    for (let j = 0; j < i; j++) trace += 2 * g[i * D + j]! * f[i * D + j]!;
    trace += g[i * D + i]! * f[i * D + i]!;
  }
  return trace;
}
