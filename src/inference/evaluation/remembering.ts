/** f without sets of tokens, each evaluated once, whoever asks: methods are compared on the same sets. */
import type { FunctionWith, Remainder, RemovalOptions, TokenSet } from '../attribution/method.ts';

export function remembering(f: FunctionWith<'without'>): FunctionWith<'without'> {
  const known = new Map<string, Remainder>();
  const { count, width, x, baseline } = f;
  return {
    ...{ count, width, x, baseline },
    async without(sets: readonly TokenSet[], options: RemovalOptions): Promise<Remainder[]> {
      const keyOf = (set: TokenSet) => `${options.removal} ${options.seed} ${set.toSorted((a, b) => a - b)}`;
      const missing = new Map(
        sets.map((set) => [keyOf(set), set] as const).filter(([key]) => !known.has(key)),
      );
      const found = missing.size > 0 ? await f.without([...missing.values()], options) : [];
      for (const [at, key] of [...missing.keys()].entries()) known.set(key, found[at] as Remainder);
      return sets.map((set) => known.get(keyOf(set)) as Remainder);
    },
  };
}
