/**
 * Symbolic dimensions: a number, or a canonical product such as `2*B*S`. Sums such as `(P+S)` are opaque symbols.
 * Two dimensions are equal exactly when they are `===`.
 */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** The canonical product of dimensions; the empty product is 1. */
export function product(dims: Shape): Dim {
  let coefficient = 1;
  const symbols: string[] = [];
  for (const dim of dims) {
    for (const factor of typeof dim === 'number' ? [dim] : dim.split('*')) {
      const number = Number(factor);
      if (Number.isInteger(number)) coefficient *= number;
      else symbols.push(factor as string);
    }
  }
  if (symbols.length === 0 || coefficient === 0) return coefficient;
  symbols.sort();
  return (coefficient === 1 ? symbols : [coefficient, ...symbols]).join('*');
}

/** The sum of two dimensions; symbolic ones become a new symbol. */
export function sum(a: Dim, b: Dim): Dim {
  if (typeof a === 'number' && typeof b === 'number') return a + b;
  if (a === 0) return b;
  if (b === 0) return a;
  return `(${[a, b].map(String).sort().join('+')})`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => dim === b[axis]);
}

export function showShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/**
 * The shape of an element-wise operation, by NumPy's rules.
 * @throws TypeError when two dimensions differ and neither is 1
 */
export function broadcast(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new TypeError(`shapes ${showShape(a)} and ${showShape(b)} do not broadcast`);
  });
}
