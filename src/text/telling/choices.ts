import type { Removal } from '../../protocol/methods.ts';
import type { Baseline, Objective } from '../../protocol/results.ts';
import { baselineName, objectiveName, removalName } from './names.ts';
import type { Telling } from './telling.ts';

type Words = Pick<Telling, 'say'>;

/** What one thing that was chosen otherwise is called. */
export const choiceOf = {
  baseline: (baseline: Baseline, words: Words) => words.say('baseline: {0}', baselineName(baseline, words)),
  removal: (removal: Removal, baseline: Baseline, words: Words) =>
    words.say('each token {0}', removalName(removal, baseline, words)),
  objective: (objective: Objective, words: Words) =>
    words.say('explained: {0}', objectiveName(objective, words)),
};
