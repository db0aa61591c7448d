/** Our engine and PyTorch on the same questions, in turns. */

import {
  decode,
  explainIds,
  forward,
  type IntegratedGradientsTask,
  someIds,
} from '../../src/cli/bench/contest.ts';
import { integratedGradientsTask } from '../../src/cli/bench/figures.ts';
import { inTurns, median, seconds } from '../../src/cli/bench/measure.ts';
import type { Attribution } from '../../src/inference/attribution/method.ts';
import type { Gpt2 } from '../../src/inference/gpt2/model.ts';
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
  onContest: (contest: Contest) => void,
): Promise<void> {
  for (const tokens of [32, 128, 512]) onContest(await forwardContest(model, peer, tokens, rounds));
  for (const tokens of [32, 128]) onContest(await fixedContest(model, peer, tokens, rounds));
  for (const explained of [16, 128]) onContest(await captumContest(model, peer, 128, explained, rounds));
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
