import type { TokenScore } from '../protocol/results.ts';

/** A token with a probability, because something comes before it. */
export type Predicted = TokenScore & { logProb: number; rank: number };

export function predictedOf(tokens: readonly TokenScore[]): Predicted[] {
  return tokens.filter((token): token is Predicted => token.logProb !== null);
}

export interface Averages {
  /** How many tokens are averaged over. */
  count: number;
  /** Mean surprisal in nats; perplexity is its exponential. */
  mean: number;
  perplexity: number;
  /** Over the characters that are predicted whole; null where there are none. */
  bitsPerByte: number | null;
}

/** How well a text is predicted; null if no token is. @param text the text of these tokens */
export function averagesOf(tokens: readonly TokenScore[], text: string): Averages | null {
  const predicted = predictedOf(tokens);
  if (predicted.length === 0) return null;
  const mean = totalNats(predicted) / predicted.length;
  return {
    count: predicted.length,
    mean,
    perplexity: Math.exp(mean),
    bitsPerByte: bitsPerByte(predicted, text),
  };
}

function bitsPerByte(predicted: readonly Predicted[], text: string): number | null {
  const whole = predicted.findIndex(({ start, end }) => end > start);
  if (whole < 0) return null;
  const counted = predicted.slice(whole);
  const bytes = new TextEncoder().encode(text.slice(counted[0]?.start, counted.at(-1)?.end)).length;
  return totalNats(counted) / Math.LN2 / bytes;
}

function totalNats(predicted: readonly Predicted[]): number {
  return -predicted.reduce((sum, { logProb }) => sum + logProb, 0);
}
