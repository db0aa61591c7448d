import { largestOf } from '../../src/text/level.ts';
import type { Props } from './options.ts';

/** What the colours mean, and how much the full one is. */
export function Legend({ content, label, numbers }: Props) {
  const { sides, tokens } = content;
  const most = numbers.amount(largestOf(tokens));
  const entries = Object.entries(sides ?? { for: label('moves') });
  return (
    <ul class="legend">
      {entries.map(([side, meaning]) => (
        <li key={side}>
          <span class={`swatch ${side}`} aria-hidden="true" /> {label('atMost', meaning, most)}
        </li>
      ))}
    </ul>
  );
}
