import type { Averages } from '../averages.ts';
import type { Telling } from './telling.ts';

/** What the surprisal of a word is, wherever words are listed. */
export function wordsText({ say }: Pick<Telling, 'say'>): string {
  return say(
    'Words are what white space bounds. Their surprisal is corrected for where words end, which only the next token tells (Pimentel & Meister 2024), so it is not the sum over the tokens.',
  );
}

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
