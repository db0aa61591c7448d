import type { ModelInfo, Progress } from '../../protocol/verbs.ts';
import { infoOf } from '../checkpoint/info.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { Run } from '../run.ts';

/** Opens the model and compiles what the default explanation needs, so that the first one does not wait for it. */
export async function load(
  model: Gpt2,
  _params: { modelDir: string },
  run: Run<Progress>,
): Promise<ModelInfo> {
  await model.programs.warmUp(run);
  return infoOf(model.checkpoint);
}
