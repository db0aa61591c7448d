/** A symmetric positive definite system of equations, by Cholesky's factorisation. */
export class Cholesky {
  readonly #n: number;
  /** `[n, n]`, the lower triangle. */
  readonly #factor: Float64Array;

  /**
   * @param matrix `[n, n]`, of which the lower triangle is read
   * @throws RangeError if it is not positive definite
   */
  constructor(matrix: Float64Array, n: number, least = 0) {
    const factor = new Float64Array(n * n);
    for (let row = 0; row < n; row++) {
      for (let column = 0; column <= row; column++) {
        let left = matrix[row * n + column] as number;
        for (let k = 0; k < column; k++)
          left -= (factor[row * n + k] as number) * (factor[column * n + k] as number);
        if (row > column) factor[row * n + column] = left / (factor[column * (n + 1)] as number);
        else if (left > least) factor[row * (n + 1)] = Math.sqrt(left);
        else throw new RangeError('the matrix is not positive definite');
      }
    }
    this.#factor = factor;
    this.#n = n;
  }

  /** Null where a part of the diagonal that the rows before do not tell is not above `least`. */
  static of(matrix: Float64Array, n: number, least: number): Cholesky | null {
    try {
      return new Cholesky(matrix, n, least);
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  /** @param right `[n]` */
  solve(right: Float64Array): Float64Array {
    const [n, factor] = [this.#n, this.#factor];
    const x = Float64Array.from(right);
    for (let row = 0; row < n; row++) {
      let left = x[row] as number;
      for (let k = 0; k < row; k++) left -= (factor[row * n + k] as number) * (x[k] as number);
      x[row] = left / (factor[row * (n + 1)] as number);
    }
    for (let row = n - 1; row >= 0; row--) {
      let left = x[row] as number;
      for (let k = row + 1; k < n; k++) left -= (factor[k * n + row] as number) * (x[k] as number);
      x[row] = left / (factor[row * (n + 1)] as number);
    }
    return x;
  }
}
