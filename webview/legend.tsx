import type { PanelLegendEntry } from '../src/protocol/panel.ts';

export function Legend({ entries }: { entries: readonly PanelLegendEntry[] }) {
  return (
    <ul class="legend">
      {entries.map(({ side, meaning }) => (
        <li key={side}>
          <span class={`swatch ${side}`} aria-hidden="true" /> {meaning}
        </li>
      ))}
    </ul>
  );
}
