import type { Shape } from './scene.ts';

/** A shape at another place, for pictures that are made of others. */
export function moved(shape: Shape, x: number, y: number): Shape {
  if (shape.kind !== 'line' && shape.kind !== 'arc') return { ...shape, x: shape.x + x, y: shape.y + y };
  const { from, to } = shape;
  return { ...shape, from: [from[0] + x, from[1] + y], to: [to[0] + x, to[1] + y] };
}
