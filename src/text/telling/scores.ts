import type { Averages } from '../averages.ts';
import type { Telling } from './telling.ts';

/** How well a text was predicted, one figure after the other. */
export function averageTexts(
  { count, mean, perplexity, bitsPerByte }: Averages,
  { say, numbers }: Pick<Telling, 'say' | 'numbers'>,
): string[] {
  return [
    say('perplexity {0}', numbers.value(perplexity)),
    say('{0} bits per token', numbers.value(mean / Math.LN2)),
    ...(bitsPerByte === null ? [] : [say('{0} bits per byte', numbers.value(bitsPerByte))]),
    say('over {0} predicted tokens', numbers.count(count)),
  ];
}
