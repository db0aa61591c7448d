import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Table } from './figure.ts';

interface Props {
  table: () => Table;
  /** "As a table". */
  title: string;
  /** "Show {0} more". */
  more: (count: number) => string;
  /** Above the table: what else can be done with the numbers. */
  children?: ComponentChildren;
}

/** More would hold up the page. */
const rowsAtOnce = 200;

/** The picture's numbers as a table, made when it is opened. They are rounded to be read: files have all their digits. */
export function TableTwin({ table, title, more, children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [count, setCount] = useState(rowsAtOnce);
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {isOpen && children}
      {isOpen && <Rows {...table()} count={count} more={more} onMore={() => setCount(count + rowsAtOnce)} />}
    </details>
  );
}

function Rows({
  columns,
  rows,
  count,
  more,
  onMore,
}: Table & { count: number; more: Props['more']; onMore: () => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <div class="scrolled" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th scope="col" key={index}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, count).map((cells, row) => (
            <tr key={row}>
              {cells.map((value, column) => (
                <td key={column} class={typeof value === 'number' ? 'number' : undefined}>
                  {typeof value === 'number' ? Number(value.toPrecision(6)) : value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > count && (
        <button type="button" onClick={onMore}>
          {more(rows.length - count)}
        </button>
      )}
    </div>
  );
}
