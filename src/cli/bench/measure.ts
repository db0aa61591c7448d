/** Times and memory. */
import { readFileSync } from 'node:fs';

/** Seconds that `work` takes. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] as number;
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/**
 * Proportional set size of a process in bytes: its own memory, and its share of memory that several processes map.
 * Known on Linux only; elsewhere the resident set of this process.
 */
export function memoryOf(pid: number | 'self' = 'self'): number {
  if (process.platform !== 'linux') return process.memoryUsage().rss;
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) * 1024;
}

/** Runs the contestants in turn, so that what disturbs the machine disturbs them alike. @returns the median of each */
export async function inTurns<Name extends string>(
  contestants: Record<Name, () => Promise<number>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(contestants) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (const name of names) await contestants[name]();
  for (let round = 0; round < rounds; round++) {
    for (const name of names) times.get(name)?.push(await contestants[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}
