/** What each verb of src/protocol/verbs.ts does with a model. */
import type { ParamsOf, ProgressOf, ResultOf, VerbName } from '../../protocol/verbs.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Run } from '../run.ts';
import { adversarial } from './adversarial.ts';
import { attend } from './attend.ts';
import { attention } from './attention.ts';
import { attentionMap } from './attentionMap.ts';
import { contextProbe } from './contextProbe.ts';
import { distribution } from './distribution.ts';
import { evaluate } from './evaluate.ts';
import { evidence } from './evidence.ts';
import { explain } from './explain.ts';
import { flip } from './flip.ts';
import { generate } from './generate.ts';
import { headPatterns } from './headPatterns.ts';
import { importance } from './importance.ts';
import { lens } from './lens.ts';
import { load } from './load.ts';
import { remove } from './remove.ts';
import { score } from './score.ts';
import { structure } from './structure.ts';
import { thumbnails } from './thumbnails.ts';

export const runs: {
  readonly [V in VerbName]: (
    model: Gpt2,
    params: ParamsOf<V>,
    run: Run<ProgressOf<V>>,
  ) => Promise<ResultOf<V>>;
} = {
  load,
  explain,
  evidence,
  score,
  generate,
  attention,
  attend,
  distribution,
  lens,
  attentionMap,
  thumbnails,
  headPatterns,
  importance,
  evaluate,
  remove,
  flip,
  adversarial,
  contextProbe,
  structure,
};
