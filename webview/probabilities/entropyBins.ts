/** How many values lie in each bin of one bit: from 0 to 1, from 1 to 2 …, up to the bin of the largest. @param entropies in nats */
export function entropyBins(entropies: readonly (number | null)[]): number[] {
  const bins = entropies
    .filter((entropy) => entropy !== null)
    // Rounding can make the entropy of a certain prediction a little less than 0.
    .map((entropy) => Math.max(0, Math.floor(entropy / Math.LN2)));
  const counts = new Array<number>(Math.max(0, ...bins.map((bin) => bin + 1))).fill(0);
  for (const bin of bins) counts[bin]! += 1;
  return counts;
}
