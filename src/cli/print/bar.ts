/**
 * A bar of block characters from an axis: to the right if positive, to the left if negative.
 * @param fraction of the longest bar, −1 … 1
 * @param width columns in all
 * @param isDirected false for scores without a sign: the axis is at the left edge
 */
export function bar(fraction: number, width: number, isDirected: boolean): string {
  const most = Math.max(1, Math.min(24, isDirected ? Math.floor((width - 1) / 2) : width - 1));
  const halves = Math.round(2 * most * Math.min(1, Math.abs(fraction)));
  const full = '█'.repeat(Math.floor(halves / 2));
  const isHalf = halves % 2 === 1;
  if (fraction < 0) {
    const drawn = (isHalf ? '▐' : '') + full;
    return `${' '.repeat(most - drawn.length)}${drawn}│`;
  }
  return `${isDirected ? ' '.repeat(most) : ''}│${full}${isHalf ? '▌' : ''}`;
}
