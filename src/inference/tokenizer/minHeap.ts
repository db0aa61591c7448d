/** A binary min-heap of numbers, of a bounded size. */
export class MinHeap {
  readonly #items: Float64Array;
  #size: number;

  constructor(items: Float64Array, capacity: number) {
    this.#items = new Float64Array(capacity);
    this.#items.set(items);
    this.#size = items.length;
    // In ascending order, every parent is at most its children.
    this.#items.subarray(0, this.#size).sort();
  }

  get size(): number {
    return this.#size;
  }

  push(item: number): void {
    const items = this.#items;
    let at = this.#size++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (items[parent]! <= item) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  /** Removes the smallest; there must be one. */
  pop(): number {
    const items = this.#items;
    const smallest = items[0]!;
    const size = --this.#size;
    const item = items[size]!;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && items[child + 1]! < items[child]!) child++;
      if (items[child]! >= item) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
    return smallest;
  }
}
