/**
 * How many rows (tokens × sequences) one slice of work may have. A slice blocks the thread, so it bounds how long a
 * cancellation waits; a short slice wastes the matrix units. Learned from the slices that were run.
 */
export class Pacer {
  #millisecondsPerRow: number;
  readonly #sliceMilliseconds: number;
  readonly #mostRows: number;

  /**
   * @param millisecondsPerRow a first guess
   * @param sliceMilliseconds how long a slice may take
   * @param mostRows more take more memory and run no faster
   */
  constructor(millisecondsPerRow: number, sliceMilliseconds: number, mostRows: number) {
    this.#millisecondsPerRow = millisecondsPerRow;
    this.#sliceMilliseconds = sliceMilliseconds;
    this.#mostRows = mostRows;
  }

  get rows(): number {
    return Math.max(
      1,
      Math.min(this.#mostRows, Math.floor(this.#sliceMilliseconds / this.#millisecondsPerRow)),
    );
  }

  /** How many slices so many rows fill; may be a fraction. */
  slices(rows: number): number {
    return (rows * this.#millisecondsPerRow) / this.#sliceMilliseconds;
  }

  /** How many sequences of the given length one slice may have: at least one. */
  sequences(length: number): number {
    return Math.max(1, Math.floor(this.rows / length));
  }

  async time<T>(rows: number, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.learn(rows, performance.now() - start);
    return result;
  }

  /** For work that lets others take turns in between: their time is not counted as its own. */
  learn(rows: number, milliseconds: number): void {
    this.#millisecondsPerRow = 0.7 * this.#millisecondsPerRow + (0.3 * milliseconds) / rows;
  }
}
