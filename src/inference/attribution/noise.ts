/** Random numbers for methods that sample: the same seed gives the same numbers on every machine. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How many numbers are thrown away at first: similar seeds begin with similar ones. */
const discarded = 64;

/** Independent draws from [0, 1). */
export function uniformNumbers(seed: number): () => number {
  // The generator takes 32 bits, but a seed has up to 53: the golden ratio mixes the upper ones in.
  const generator = xoroshiro128plus(seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x9e3779b9));
  for (let draw = 0; draw < discarded; draw++) generator.next();
  return () => uniformFloat64(generator);
}

/** Independent draws from the standard normal distribution (Box & Muller 1958). */
export function normalNumbers(seed: number): () => number {
  const uniform = uniformNumbers(seed);
  let second: number | null = null;
  return () => {
    if (second !== null) {
      const waiting = second;
      second = null;
      return waiting;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    second = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
