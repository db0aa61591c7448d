import type { Figure } from '../bench/figures.ts';

/** One line: what, how much, which part of the machine's limit. */
export function printFigure({ what, value, unit, ofLimit, note }: Figure): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const amount = `${value.toFixed(digits)} ${unit}`;
  const limit = ofLimit ? `${Math.round(100 * ofLimit.part)} % of ${ofLimit.limit}` : '';
  return `${what.padEnd(60)} ${amount.padStart(14)}   ${[limit, note].filter(Boolean).join(', ')}`.trimEnd();
}
