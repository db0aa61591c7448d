import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import type { Props } from './options.ts';
import { largestOf } from './rows.ts';

/** What the colours mean, and how much the full one is. */
export function Legend({ content, label, numbers }: Props) {
  const target = quoted(tokenName(content.target));
  const most = numbers.value(largestOf(content.tokens));
  const entries = content.signed
    ? ([
        ['for', label('spokeFor', target, most)],
        ['against', label('spokeAgainst', target, most)],
      ] as const)
    : ([['for', label('moves', most)]] as const);
  return (
    <ul class="legend">
      {entries.map(([side, meaning]) => (
        <li key={side}>
          <span class={`swatch ${side}`} aria-hidden="true" /> {meaning}
        </li>
      ))}
    </ul>
  );
}
