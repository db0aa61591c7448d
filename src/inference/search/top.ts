/** The largest of many numbers, with what they belong to: a binary heap with the smallest in front. */
export class Top {
  readonly #most: number;
  readonly #values: number[] = [];
  readonly #items: number[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  add(value: number, item: number): void {
    if (this.#values.length < this.#most) {
      this.#values.push(value);
      this.#items.push(item);
      this.#rise(this.#values.length - 1);
    } else if (this.#most > 0 && value > this.#values[0]!) {
      this.#values[0] = value;
      this.#items[0] = item;
      this.#sink();
    }
  }

  /** The largest first; of equal ones, the one with the smaller item. */
  sorted(): { value: number; item: number }[] {
    const all = this.#values.map((value, index) => ({ value, item: this.#items[index]! }));
    return all.sort((a, b) => b.value - a.value || a.item - b.item);
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (this.#values[parent]! <= this.#values[at]!) return;
      this.#exchange(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.#values.length && this.#values[child]! < this.#values[least]!) least = child;
      }
      if (least === at) return;
      this.#exchange(at, least);
      at = least;
    }
  }

  #exchange(a: number, b: number): void {
    [this.#values[a], this.#values[b]] = [this.#values[b]!, this.#values[a]!];
    [this.#items[a], this.#items[b]] = [this.#items[b]!, this.#items[a]!];
  }
}
