import { useRef, useState } from 'preact/hooks';
import type { PanelFact, PanelRow, PanelTexts } from '../src/protocol/panel.ts';
import { SignedBar } from './signedBar.tsx';

interface Props {
  rows: readonly PanelRow[];
  totals: readonly PanelFact[];
  texts: PanelTexts;
  byStrength: boolean;
  /** A row, by its place in the text, is hovered or focused; null: none. */
  onPoint: (row: number | null) => void;
}

/** One row per token; the arrow keys, Home and End move through the rows, of which one is in the tab order. */
export function Contributions({ rows, totals, texts, byStrength, onPoint }: Props) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [focused, setFocused] = useState(0);
  const largest = rows.reduce((most, row) => Math.max(most, Math.abs(row.score)), 0);
  const ordered = rows.map((row, index) => ({ row, index }));
  if (byStrength) ordered.sort((a, b) => Math.abs(b.row.score) - Math.abs(a.row.score));
  const tabStop = Math.min(focused, rows.length - 1);

  function move(event: KeyboardEvent): void {
    const places: Record<string, number> = {
      ArrowDown: tabStop + 1,
      ArrowUp: tabStop - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const place = places[event.key];
    const row = place === undefined ? undefined : body.current?.rows[place];
    if (!row) return;
    event.preventDefault();
    row.focus();
  }

  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{texts.token}</th>
          <td />
          <th scope="col" class="number">
            {texts.contribution}
          </th>
          <th scope="col" class="number">
            {texts.share}
          </th>
        </tr>
      </thead>
      <tbody ref={body} onKeyDown={move} onMouseLeave={() => onPoint(null)}>
        {ordered.map(({ row, index }, place) => (
          <tr
            key={index}
            tabIndex={place === tabStop ? 0 : -1}
            onFocus={() => {
              setFocused(place);
              onPoint(index);
            }}
            onBlur={() => onPoint(null)}
            onMouseEnter={() => onPoint(index)}
          >
            <th scope="row">
              <bdi>{row.text}</bdi>
            </th>
            <td class="drawing">
              <SignedBar fraction={largest > 0 ? row.score / largest : 0} />
            </td>
            <td class="number">{row.scoreText}</td>
            <td class="number">{row.shareText}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {totals.map(({ name, value }) => (
          <tr key={name}>
            <th scope="row" colSpan={2}>
              {name}
            </th>
            <td class="number" colSpan={2}>
              {value}
            </td>
          </tr>
        ))}
      </tfoot>
    </table>
  );
}
