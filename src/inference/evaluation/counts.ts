/** At how many tokens f is looked at when one after the other is removed or kept. */

/** Up to so many tokens, after each of them. */
const mostEach = 64;
const fractions = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5];

/** Ascending, each at least 1 and at most `tokens`. */
export function countsFor(tokens: number): number[] {
  if (tokens <= mostEach) return Array.from({ length: tokens }, (_, index) => index + 1);
  return [...new Set(fractions.map((fraction) => Math.ceil(fraction * tokens)))];
}
