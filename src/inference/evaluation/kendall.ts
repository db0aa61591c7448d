/**
 * Kendall's τ-b (Kendall 1945): pairs that two rankings order alike less those that they order differently, with the
 * correction for ties. Null where all values of a side are equal.
 */
export function kendallTau(xs: ArrayLike<number>, ys: ArrayLike<number>): number | null {
  let [both, tiedX, tiedY] = [0, 0, 0];
  for (let i = 0; i < xs.length; i++) {
    for (let j = 0; j < i; j++) {
      const x = Math.sign((xs[i] as number) - (xs[j] as number));
      const y = Math.sign((ys[i] as number) - (ys[j] as number));
      both += x * y;
      tiedX += Number(x === 0);
      tiedY += Number(y === 0);
    }
  }
  const pairs = (xs.length * (xs.length - 1)) / 2;
  const spread = Math.sqrt((pairs - tiedX) * (pairs - tiedY));
  return spread > 0 ? both / spread : null;
}
