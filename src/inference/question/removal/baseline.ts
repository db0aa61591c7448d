/** The token's embedding is replaced by the baseline's; its position stays. */
import type { Operator, Subject } from './operator.ts';

export function replaceByBaseline({ domain: { x, baseline, width } }: Subject): Operator {
  return async (sets) =>
    sets.map((set) => {
      const [from] = set as [number];
      const rows = x.slice(from * width);
      for (const token of set) {
        rows.set(baseline.subarray(token * width, (token + 1) * width), (token - from) * width);
      }
      return [{ from, rows }];
    });
}
