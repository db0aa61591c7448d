/** The tasks that are timed. They take token ids, so that another implementation can be given the same input. */
import { integratedGradients } from '../../inference/attribution/integratedGradients.ts';
import { type Attribution, completenessError } from '../../inference/attribution/method.ts';
import { attribute } from '../../inference/attribution/methods.ts';
import { distributionAt } from '../../inference/gpt2/distribution.ts';
import type { Gpt2 } from '../../inference/gpt2/model.ts';
import { Sequence } from '../../inference/gpt2/sequence.ts';
import { openFunction } from '../../inference/question/openFunction.ts';
import { Run } from '../../inference/run.ts';
import type { MethodChoice } from '../../protocol/methods.ts';

export interface IntegratedGradientsTask {
  ids: readonly number[];
  /** How many of the last tokens are explained; the others are context. */
  explained: number;
  steps: number | 'auto';
  target: number;
  foil: number;
}

/** Meaningless ids, the same on every machine. */
export function someIds(count: number, vocabularySize: number): number[] {
  return Array.from({ length: count }, (_, index) => (index * 7919 + 13) % vocabularySize);
}

/** Reads a text and computes the distribution after it. */
export async function forward(model: Gpt2, ids: readonly number[]) {
  const residual = await new Sequence(model).read(ids, Run.detached());
  return distributionAt(model, residual.subarray(-model.config.width), 10, Run.detached());
}

/** From ids to scores: the forward pass of the context is part of the work. */
export async function explainIds(
  model: Gpt2,
  { ids, explained, steps, target, foil }: IntegratedGradientsTask,
  run: Run = Run.detached(),
  onRefined: () => void = () => {},
): Promise<Attribution & { delta: number; evaluations: number }> {
  const question = {
    ...{ ids, first: ids.length - explained, count: explained, target, foil: [foil] },
    ...({ objective: 'contrast', baseline: 'zero' } as const),
  };
  const f = await openFunction(model, new Sequence(model), question, run);
  const options = { steps, tolerance: 0.01 };
  const attribution = await integratedGradients(f, options, async () => onRefined());
  f.release();
  return { ...attribution, delta: completenessError(attribution), evaluations: f.evaluations };
}

export interface MasksTask {
  ids: readonly number[];
  /** How many of the last tokens are explained; the others are context. */
  explained: number;
  target: number;
  foil: number;
  /** A method of masks with its options. */
  choice: MethodChoice;
}

/** From ids to scores by a method of masks; tokens are removed by a baseline of zeros. */
export async function maskIds(
  model: Gpt2,
  { ids, explained, target, foil, choice }: MasksTask,
): Promise<Attribution & { evaluations: number }> {
  const question = {
    ...{ ids, first: ids.length - explained, count: explained, target, foil: [foil] },
    ...({ objective: 'contrast', baseline: 'zero' } as const),
  };
  const f = await openFunction(model, new Sequence(model), question, Run.detached());
  const attribution = await attribute(choice, f, () => {});
  f.release();
  return { ...attribution, evaluations: f.evaluations };
}

/** Seconds per token of greedy generation after a context. */
export async function decode(model: Gpt2, context: readonly number[], tokens: number): Promise<number> {
  const run = Run.detached();
  const sequence = new Sequence(model);
  const residual = await sequence.read(context, run);
  let { top } = await distributionAt(model, residual.subarray(-model.config.width), 1, run);
  const start = performance.now();
  for (let step = 0; step < tokens; step++) ({ top } = await sequence.step(top[0]?.id as number, 1, run));
  return (performance.now() - start) / 1000 / tokens;
}
