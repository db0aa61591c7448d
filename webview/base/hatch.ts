import type { Shape } from './scene.ts';

/** Pixels between the stripes, across. */
const step = 6;

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Stripes over a box, from the lower left to the upper right, cut at its edges: told apart without colour. */
export function hatch({ x, y, width, height }: Box, stroke: string): Shape[] {
  const shapes: Shape[] = [];
  // Each stripe is where x + y is the same, counted from the box's corner.
  for (let sum = step / 2; sum < width + height; sum += step) {
    const left = Math.max(0, sum - height);
    const right = Math.min(width, sum);
    if (right - left < 0.5) continue;
    const from = [x + left, y + sum - left] as const;
    shapes.push({ kind: 'line', from, to: [x + right, y + sum - right], stroke, width: 1 });
  }
  return shapes;
}
