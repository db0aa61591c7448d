/**
 * What can be seen in the first minute: a text that the bundled model is good at, and what is done with it. The texts are
 * in `samples`, one folder for each language; what they promise is checked by `test/unit/host/samples`.
 */
import type { CommandName } from '../names.ts';

export interface Sample {
  /** In the folder of a language. */
  file: string;
  /** What is selected, or what the cursor is put at the end of: the first such text in the file. */
  text: string;
  /** What is shown on it. `token`: why the text itself, one token of it, stands there. */
  shows: 'explanation' | 'token' | 'live' | 'generation' | 'surprisal' | 'attention';
  /** The command that runs when that is there. */
  next?: CommandName;
}

const capital = {
  file: 'capital.md',
  text: 'The capital of the United Kingdom is London, and the capital of France is',
  shows: 'explanation',
} as const;

const name = {
  file: 'name.md',
  text: 'Marta Kowalska lived in Warsaw. Every morning she walked to the market. Marta Kow',
} as const;

/** By the argument of the command `whytoken.trySample`. */
export const samples = {
  capital,
  whyNot: { ...capital, next: 'whyNot' },
  answer: { ...capital, next: 'showAnswer' },
  panel: { ...capital, next: 'openPanel' },
  asText: { ...capital, next: 'showAsText' },
  token: { file: 'surprise.md', text: ' Paris', shows: 'token' },
  live: {
    file: 'live.md',
    text: 'The capital of Germany is Berlin. The capital of Italy is',
    shows: 'live',
  },
  heads: { ...name, shows: 'explanation', next: 'openAttention' },
  story: {
    file: 'story.md',
    text: 'One day, Anna found a red ball in the garden. She wanted to show it to Peter.',
    shows: 'generation',
  },
  code: {
    file: 'fibonacci.py',
    text: 'def fibonacci(n):\n    if n < 2:\n        return n\n    return fibonacci(n - 1) + fib',
    shows: 'explanation',
  },
  surprisal: { file: 'surprise.md', text: 'tomorrow is Paris.', shows: 'surprisal' },
  attention: { ...name, shows: 'attention' },
} as const satisfies Record<string, Sample>;

export type SampleName = keyof typeof samples;
