/** Our engine and PyTorch on the same questions, in turns. */

import {
  decode,
  explainIds,
  forward,
  type IntegratedGradientsTask,
  maskIds,
  someIds,
} from '../../src/cli/bench/contest.ts';
import { integratedGradientsTask } from '../../src/cli/bench/figures.ts';
import { inTurns, median, seconds } from '../../src/cli/bench/measure.ts';
import type { Attribution } from '../../src/inference/attribution/method.ts';
import type { Gpt2 } from '../../src/inference/gpt2/model.ts';
import { chooseMethod, type MethodChoice } from '../../src/protocol/methods.ts';
import type { Peer, PeerAttribution } from './peer.ts';

export interface Contest {
  what: string;
  /** Seconds. */
  ours: number;
  peer: number;
  note: string;
}

const once = { runs: 1, warmup: 0 };

/** How often as fast we are. */
export const ratioOf = ({ ours, peer }: Contest) => peer / ours;

export async function runContests(
  model: Gpt2,
  peer: Peer,
  rounds: number,
  /** Whether SHAP and LIME are there. */
  hasMasks: boolean,
  onContest: (contest: Contest) => void,
): Promise<void> {
  for (const tokens of [32, 128, 512]) onContest(await forwardContest(model, peer, tokens, rounds));
  for (const tokens of [32, 128]) onContest(await fixedContest(model, peer, tokens, rounds));
  for (const explained of [16, 128]) onContest(await captumContest(model, peer, 128, explained, rounds));
  if (hasMasks) for await (const masks of maskContests(model, peer)) onContest(masks);
  for (const context of [32, 900]) onContest(await decodeContest(model, peer, context, rounds));
}

async function forwardContest(model: Gpt2, peer: Peer, tokens: number, rounds: number): Promise<Contest> {
  const ids = someIds(tokens, model.config.vocabularySize);
  const times = await inTurns(
    {
      ours: () => seconds(() => forward(model, ids)),
      peer: async () => median((await peer.ask<{ seconds: number[] }>('forward', { ids, ...once })).seconds),
    },
    rounds,
  );
  return { what: `forward, ${tokens} tokens`, ...times, note: 'logits at the last position' };
}

async function fixedContest(model: Gpt2, peer: Peer, tokens: number, rounds: number): Promise<Contest> {
  const task = await integratedGradientsTask(model, tokens, tokens, 50);
  const ask = (batch: number) => askPeer(peer, 'ig_fixed', task, { batch });
  const batch = await bestOf([1, 2, 4, 8, 16, 25], async (size) => median((await ask(size)).seconds));
  return contest(
    `integrated gradients, 50 steps, ${tokens} tokens`,
    model,
    task,
    () => ask(batch),
    rounds,
    `batch ${batch} there`,
  );
}

async function captumContest(
  model: Gpt2,
  peer: Peer,
  tokens: number,
  explained: number,
  rounds: number,
): Promise<Contest> {
  const task = await integratedGradientsTask(model, tokens, explained, 'auto');
  const ask = (internal_batch: number | null) => askPeer(peer, 'captum_ig', task, { internal_batch });
  const batch = await bestOf([null, 2, 4, 8], async (size) => median((await ask(size)).seconds));
  const what = `integrated gradients to δ ≤ 1 % against Captum's 50 steps, last ${explained} of ${tokens} tokens`;
  return contest(what, model, task, () => ask(batch), rounds, `internal batch ${batch ?? 'unset'} there`);
}

/**
 * Shapley values of the last 16 of 64 tokens: to the error of SHAP's partition explainer, and with as many evaluations as its
 * permutation explainer; LIME with 1,000 masks against the lime package.
 * Once each: they take minutes there.
 */
async function* maskContests(model: Gpt2, peer: Peer): AsyncGenerator<Contest> {
  const { ids, target, foil } = await integratedGradientsTask(model, 64, 16, 50);
  const explained = 16;
  const ask = (name: string, args: object) =>
    peer.ask<{ seconds: number[]; scores: number[]; evaluations: number }>(name, {
      ...{ ids, target, foil, first: ids.length - explained, batch: 16 },
      ...args,
    });
  const ourselves = async (choice: MethodChoice) => {
    let result: Awaited<ReturnType<typeof maskIds>> | undefined;
    const ours = await seconds(async () => {
      result = await maskIds(model, { ids, explained, target, foil, choice });
    });
    return { ours, result: result as Awaited<ReturnType<typeof maskIds>> };
  };
  const shapley = (options: object) => chooseMethod('shapley', { estimator: 'permutation', ...options });
  const exact = (await ourselves(shapley({ tolerance: 0.015, masks: 100_000, seed: 1 }))).result.scores;
  const largest = Math.max(...exact.map(Math.abs));
  /** The root of the mean square, relative to the largest. */
  const errorOf = (scores: ArrayLike<number>) =>
    Math.sqrt(exact.reduce((sum, one, i) => sum + (one - scores[i]!) ** 2, 0) / exact.length) / largest;
  const shapleyContest = (
    name: string,
    { ours, result }: Awaited<ReturnType<typeof ourselves>>,
    theirs: Awaited<ReturnType<typeof ask>>,
  ): Contest => {
    const percent = (part: number) => `${(100 * part).toFixed(1)} %`;
    const standardError = Math.max(...result.standardErrors!) / largest;
    const told = `standard error at most ${percent(standardError)}, RMS error ${percent(errorOf(result.scores))} of the largest`;
    return {
      what: `Shapley values, last 16 of 64 tokens, against SHAP's ${name} explainer`,
      ...{ ours, peer: median(theirs.seconds) },
      note: `${result.evaluations} evaluations, ${told}; there ${theirs.evaluations}, RMS error ${percent(errorOf(theirs.scores))}`,
    };
  };
  // The partition explainer has Owen values of a tree of its own, so it has an error that no effort lessens.
  const partition = await ask('shap', { explainer: 'partition', evaluations: 100_000 });
  let masks = 120;
  let equal = await ourselves(shapley({ tolerance: 0, masks }));
  while (errorOf(equal.result.scores) > errorOf(partition.scores)) {
    masks *= 2;
    equal = await ourselves(shapley({ tolerance: 0, masks }));
  }
  yield shapleyContest('partition', equal, partition);
  const close = await ourselves(shapley({ tolerance: 0, masks: 600 }));
  const { evaluations } = close.result;
  yield shapleyContest('permutation', close, await ask('shap', { explainer: 'permutation', evaluations }));

  const lime = await ourselves(chooseMethod('lime', { masks: 1000 }));
  const theirs = await ask('lime', { masks: 1000 });
  const apart = difference([...lime.result.scores], theirs.scores);
  yield {
    what: 'LIME, 1,000 masks, last 16 of 64 tokens, against the lime package around transformers',
    ...{ ours: lime.ours, peer: median(theirs.seconds) },
    note: `weights differ by ${(100 * apart).toFixed(0)} % (L1): other masks`,
  };
}

async function decodeContest(model: Gpt2, peer: Peer, context: number, rounds: number): Promise<Contest> {
  const ids = someIds(context, model.config.vocabularySize);
  const tokens = 16;
  const times = await inTurns(
    {
      ours: () => decode(model, ids, tokens),
      peer: async () => {
        const { seconds: total } = await peer.ask<{ seconds: number[] }>('generate', {
          ids,
          tokens,
          ...once,
        });
        return median(total) / tokens;
      },
    },
    rounds,
  );
  const note = `${(1 / times.ours).toFixed(1)} against ${(1 / times.peer).toFixed(1)} tokens/s`;
  return { what: `generation, one token at context ${context}`, ...times, note };
}

function askPeer(
  peer: Peer,
  name: string,
  { ids, target, foil, explained }: IntegratedGradientsTask,
  args: object,
) {
  const first = ids.length - explained;
  return peer.ask<PeerAttribution>(name, { ids, target, foil, first, ...once, ...args });
}

async function contest(
  what: string,
  model: Gpt2,
  task: IntegratedGradientsTask,
  ask: () => Promise<PeerAttribution>,
  rounds: number,
  setting: string,
): Promise<Contest> {
  let ours: Awaited<ReturnType<typeof explainIds>> | undefined;
  let theirs: PeerAttribution | undefined;
  const times = await inTurns(
    {
      ours: () =>
        seconds(async () => {
          ours = await explainIds(model, task);
        }),
      peer: async () => {
        theirs = await ask();
        return median(theirs.seconds);
      },
    },
    rounds,
  );
  if (!ours || !theirs) throw new Error('no round was run');
  const note = [
    setting,
    `δ ${percentOf(ours.delta, ours)} in ${ours.evaluations} evaluations, there ${percentOf(theirs.delta, theirs)}`,
    `scores differ by ${(100 * difference([...ours.scores], theirs.scores)).toFixed(2)} % (L1)`,
  ].join('; ');
  return { what, ...times, note };
}

async function bestOf<T>(candidates: readonly T[], time: (candidate: T) => Promise<number>): Promise<T> {
  let best: { candidate: T; time: number } | undefined;
  for (const candidate of candidates) {
    const taken = await time(candidate);
    if (!best || taken < best.time) best = { candidate, time: taken };
  }
  if (!best) throw new Error('nothing to choose from');
  return best.candidate;
}

function percentOf(
  delta: number,
  { value, baselineValue }: Pick<Attribution, 'value' | 'baselineValue'>,
): string {
  return `${((100 * Math.abs(delta)) / Math.abs(value - baselineValue)).toFixed(2)} %`;
}

/** Σ |a − b| / Σ |b|. */
function difference(a: readonly number[], b: readonly number[]): number {
  const norm = b.reduce((sum, value) => sum + Math.abs(value), 0);
  return b.reduce((sum, value, index) => sum + Math.abs((a[index] as number) - value), 0) / norm;
}
