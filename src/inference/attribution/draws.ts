/** What methods that sample masks draw. */

/** The items in random order, all orders alike (Fisher & Yates). */
export function shuffled<T>(items: readonly T[], uniform: () => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(uniform() * (last + 1));
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

/** `size` of the numbers 0 … count − 1, all such sets alike. */
export function someOf(count: number, size: number, uniform: () => number): number[] {
  const all = Array.from({ length: count }, (_, index) => index);
  for (let place = 0; place < size; place++) {
    const other = place + Math.floor(uniform() * (count - place));
    [all[place], all[other]] = [all[other] as number, all[place] as number];
  }
  return all.slice(0, size);
}
