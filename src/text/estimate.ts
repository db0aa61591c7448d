import type { Numbers } from './numbers.ts';

/** A number, with its standard error if it is an estimate: `+0.5 ± 0.02`. */
export function estimate(numbers: Numbers, shown: string, standardError: number | undefined): string {
  return standardError === undefined ? shown : `${shown} ± ${numbers.value(standardError)}`;
}
