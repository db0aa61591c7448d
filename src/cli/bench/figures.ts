/** How fast the engine is with one model, each figure beside what limits it on this machine. */
import type { Gpt2 } from '../../inference/gpt2/model.ts';
import { openModel } from '../../inference/gpt2/modelStore.ts';
import { Run } from '../../inference/run.ts';
import { decode, explainIds, forward, type IntegratedGradientsTask, someIds } from './contest.ts';
import { type MachineLimits, machineLimits } from './limits.ts';
import { median, memoryOf, seconds } from './measure.ts';

export interface Figure {
  what: string;
  value: number;
  unit: 's' | 'ms' | 'MB' | 'tokens/s' | 'GFLOP/s' | 'GB/s';
  /** What part of the machine's limit this is, where one applies. */
  ofLimit?: { part: number; limit: 'matrix product' | 'memory bandwidth' };
  note?: string;
}

const rounds = 5;

/** @param onFigure receives each figure as soon as it is measured */
export async function measureFigures(
  modelDir: string,
  onFigure: (figure: Figure) => Promise<void>,
): Promise<void> {
  const limits = await machineLimits();
  await onFigure({ what: 'limit: matrix product, float32', value: limits.flops / 1e9, unit: 'GFLOP/s' });
  await onFigure({ what: 'limit: reading memory', value: limits.bandwidth / 1e9, unit: 'GB/s' });
  await onFigure({ what: 'limit: matrix times vector', value: limits.matrixVector / 1e9, unit: 'GB/s' });

  const start = performance.now();
  const model = await openModel(modelDir, 'throughput');
  await onFigure({ what: 'open and validate the checkpoint', value: performance.now() - start, unit: 'ms' });
  const opened = performance.now();
  await model.programs.warmUp(Run.detached());
  await onFigure({ what: 'make the sessions', value: performance.now() - opened, unit: 'ms' });

  const { contextLength } = model.config;
  const fits = (tokens: number) => tokens <= contextLength;
  for (const tokens of [32, 128, 512].filter(fits))
    await onFigure(await forwardFigure(model, tokens, limits));
  for (const tokens of [32, 128].filter(fits)) await onFigure(await fixedFigure(model, tokens, limits));
  if (fits(128))
    for (const explained of [16, 128]) await onFigure(await adaptiveFigure(model, 128, explained));
  for (const context of [32, 900].filter((tokens) => fits(tokens + 33))) {
    await onFigure(await decodeFigure(model, context, limits));
  }
  await onFigure({ what: 'memory of this process, all sessions used', value: memoryOf() / 1e6, unit: 'MB' });
  await model.dispose();
}

async function repeated(work: () => Promise<unknown>): Promise<number> {
  await work();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await seconds(work));
  return median(times);
}

/** Multiplications and additions in the blocks' matrices for one token, forward. */
function flopsPerToken({ config: { layers, width, inner } }: Gpt2): number {
  return 2 * layers * (4 * width * width + 2 * width * inner);
}

async function forwardFigure(model: Gpt2, tokens: number, limits: MachineLimits): Promise<Figure> {
  const ids = someIds(tokens, model.config.vocabularySize);
  const time = await repeated(() => forward(model, ids));
  const part = (tokens * flopsPerToken(model)) / time / limits.flops;
  return {
    what: `forward, ${tokens} tokens`,
    value: time * 1000,
    unit: 'ms',
    ofLimit: { part, limit: 'matrix product' },
  };
}

/**
 * The question that every implementation is asked: the last tokens or all of them are explained, and the two most
 * probable next tokens are target and foil.
 */
export async function integratedGradientsTask(
  model: Gpt2,
  tokens: number,
  explained: number,
  steps: number | 'auto',
): Promise<IntegratedGradientsTask> {
  const ids = someIds(tokens, model.config.vocabularySize);
  const [target, foil] = (await forward(model, ids)).top;
  return { ids, explained, steps, target: target?.id ?? 0, foil: foil?.id ?? 1 };
}

async function fixedFigure(model: Gpt2, tokens: number, limits: MachineLimits): Promise<Figure> {
  const task = await integratedGradientsTask(model, tokens, tokens, 50);
  const time = await repeated(() => explainIds(model, task));
  // The backward pass to the inputs only costs as much as the forward pass.
  const part = (2 * 50 * tokens * flopsPerToken(model)) / time / limits.flops;
  return {
    what: `integrated gradients, 50 steps, ${tokens} tokens`,
    value: time,
    unit: 's',
    ofLimit: { part, limit: 'matrix product' },
  };
}

async function adaptiveFigure(model: Gpt2, tokens: number, explained: number): Promise<Figure> {
  const task = await integratedGradientsTask(model, tokens, explained, 'auto');
  let result: Awaited<ReturnType<typeof explainIds>> | undefined;
  const time = await repeated(async () => {
    result = await explainIds(model, task);
  });
  const { delta = 0, value = 0, baselineValue = 0, evaluations = 0 } = result ?? {};
  const percent = (100 * Math.abs(delta)) / Math.abs(value - baselineValue);
  return {
    what: `integrated gradients to δ ≤ 1 %, last ${explained} of ${tokens} tokens`,
    value: time,
    unit: 's',
    note: `δ ${percent.toFixed(2)} %, ${evaluations} evaluations`,
  };
}

async function decodeFigure(model: Gpt2, context: number, limits: MachineLimits): Promise<Figure> {
  const ids = someIds(context, model.config.vocabularySize);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await decode(model, ids, 32));
  const time = median(times);
  // Every weight is read once per token, except for the position embeddings.
  const { parameters, config } = model.checkpoint;
  const bytes = 4 * (parameters - config.contextLength * config.width);
  return {
    what: `generation at context ${context}`,
    value: 1 / time,
    unit: 'tokens/s',
    ofLimit: { part: bytes / time / limits.bandwidth, limit: 'memory bandwidth' },
    note: `${Math.round((100 * bytes) / time / limits.matrixVector)} % of matrix times vector`,
  };
}
