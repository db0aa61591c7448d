/** How much the prediction depends on each head and each MLP: what it loses without it. */
import type { ImportanceParams, Progress } from '../../protocol/engine.ts';
import type { Importance, PartialImportance } from '../../protocol/results.ts';
import { ablate } from '../gpt2/ablation.ts';
import { contrastOf } from '../gpt2/contrast.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { askContrast } from '../question/contrastQuestion.ts';
import { shownAt } from '../question/reading.ts';
import type { Run } from '../run.ts';

type ImportanceRun = Run<Progress<PartialImportance>>;

/** A foil of several tokens has no logit: it ends in `token-not-single`. */
export async function importance(
  model: Gpt2,
  params: ImportanceParams,
  run: ImportanceRun,
): Promise<Importance> {
  const { layers, heads } = model.config;
  const question = await askContrast(model, params, run);
  const { streams, residual, distribution, contrast, actual } = question;
  const { target, foil } = contrast;
  const value = (await contrastOf(model, residual, contrast, run)).value[0] as number;

  const ofHeads = new Float32Array(layers * heads).fill(Number.NaN);
  const ofMlps = new Float32Array(layers).fill(Number.NaN);
  const describe = (id: number) => ({
    ...shownAt(model, id, actual),
    probability: distribution.probability(id),
  });
  const answer = <R>(receipt: R) => ({
    receipt,
    target: describe(target),
    foil: foil === null ? null : describe(foil),
    ...{ value, layers, heads },
    ...{ ofHeads: ofHeads.slice(), ofMlps: ofMlps.slice() },
  });

  const total = layers * (heads + 1);
  let done = 0;
  for await (const { layer, first, values } of ablate(model, streams, contrast, run)) {
    for (const [index, without] of values.entries()) {
      const part = first + index;
      if (part < heads) ofHeads[layer * heads + part] = value - without;
      else ofMlps[layer] = value - without;
    }
    done += values.length;
    if (done < total)
      run.report({ stage: 'explaining', done, total, partial: answer(question.receipt.soFar()) });
  }
  return answer(await question.receipt.final());
}
