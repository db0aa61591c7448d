import { useMemo } from 'preact/hooks';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import { TableTwin } from '../base/tableTwin.tsx';
import type { ViewProps } from './viewProps.ts';

interface Props extends Pick<ViewProps, 'channel' | 'label' | 'numbers' | 'colours' | 'options'> {
  figure: () => Figure;
  /** What the figure is made of: it is made again when something of it changes. */
  about: readonly unknown[];
  /** By default "As a table". */
  tableTitle?: string;
}

/** What belongs below every picture: its numbers as a table, and its exports. */
export function PictureFoot({ figure, about, tableTitle, channel, label, numbers, colours, options }: Props) {
  const shown = useMemo(() => {
    const made = figure();
    let table: ReturnType<Figure['table']> | null = null;
    return {
      ...made,
      table: () => {
        table ??= made.table();
        return table;
      },
    };
  }, [...about, colours, options]);
  return (
    <div class="foot">
      <TableTwin
        table={shown.table}
        title={tableTitle ?? label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      <ExportBar figure={shown} channel={channel} label={label} />
    </div>
  );
}
