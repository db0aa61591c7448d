import type { ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import type { Channel } from '../base/channel.ts';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import { TableTwin } from '../base/tableTwin.tsx';
import type { Wording } from './common.ts';

interface Props extends Wording {
  figure: Figure;
  channel: Channel<ProbabilitiesPanel>;
}

/** A picture's files, and its numbers as a table. */
export function Tools({ figure, channel, label, numbers }: Props) {
  return (
    <TableTwin
      table={figure.table}
      title={label('tools', figure.title)}
      more={(count) => label('more', numbers.count(count))}
    >
      <ExportBar figure={figure} channel={channel} label={label} />
    </TableTwin>
  );
}
