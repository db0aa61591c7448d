import { moved } from './moved.ts';
import type { Scene } from './scene.ts';

const gap = 12;

/** Pictures one below the other, as one. */
export function stacked(first: Scene, second: Scene): Scene {
  const below = first.height + gap;
  return {
    ...first,
    width: Math.max(first.width, second.width),
    height: below + second.height,
    shapes: [...first.shapes, ...second.shapes.map((shape) => moved(shape, 0, below))],
  };
}
