/** All verbs. A new one is a file in verbs/ and a line here. */
import type { Verb } from './verb.ts';
import { attention } from './verbs/attention.ts';
import { bench } from './verbs/bench.ts';
import { evaluate } from './verbs/evaluate.ts';
import { explain } from './verbs/explain.ts';
import { flip } from './verbs/flip.ts';
import { generate } from './verbs/generate.ts';
import { score } from './verbs/score.ts';

export const verbs = { explain, score, generate, attention, flip, evaluate, bench } as const satisfies Record<
  string,
  Verb
>;

export type VerbName = keyof typeof verbs;
