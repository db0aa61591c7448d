/** Steps of colour per sign. */
export const levels = 7;

/**
 * The colour of a score: −7 (the strongest against) to 7 (the strongest for), 0 for no colour.
 * @param largest the largest |score| of the explanation
 * @param intensity 1: only the largest gets the full colour; 2: those of half its size do too
 */
export function levelOf(score: number, largest: number, intensity: number): number {
  if (largest <= 0) return 0;
  const strength = Math.round(levels * Math.min(1, (Math.abs(score) / largest) * intensity));
  return strength === 0 ? 0 : Math.sign(score) * strength;
}

export function largestOf(tokens: readonly { score: number }[]): number {
  return tokens.reduce((most, token) => Math.max(most, Math.abs(token.score)), 0);
}

/** The sum of all magnitudes, of which shares are a part. */
export function movementOf(tokens: readonly { score: number }[]): number {
  return tokens.reduce((sum, { score }) => sum + Math.abs(score), 0);
}
