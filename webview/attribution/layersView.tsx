import { useMemo } from 'preact/hooks';
import { Answering } from '../base/answering.tsx';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import { type Cell, HeatMap } from '../base/heatMap.tsx';
import { mapScene } from '../base/mapScene.ts';
import { Ramp } from '../base/ramp.tsx';
import { TableTwin } from '../base/tableTwin.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import { unitNotes } from './barNotes.ts';
import type { Props } from './options.ts';
import { type Row, rowsOf } from './rows.ts';

interface ViewProps extends Props {
  colours: Colours;
}

/** What each layer wrote, and from which token; the row Σ on top is what the bars show. */
export function LayersView(props: ViewProps) {
  const { content, label, options, channel } = props;
  const { granularity } = options;
  const about = content.receipt.map(({ value }) => value).join(' ');
  const question = content.final ? { granularity } : null;
  const groups = useMemo(() => rowsOf(content, granularity, 'reading'), [content, granularity]);
  // Syntax nodes are words until they are known: then the layers' columns are others too.
  const columns = useMemo(() => groups.map(({ tokens }) => tokens.length).join(), [groups]);
  const asked = useAnswer(channel, 'layers', question, `${about} ${columns}`);
  const { answer, problem, isPending, isOlder } = asked;
  const isFitting = answer !== null && !isOlder && answer.columns === groups.length;
  return (
    <Answering {...{ isPending, problem, about, label }} name={label('layers')}>
      {isFitting && <Layers {...props} answer={answer} groups={groups} />}
    </Answering>
  );
}

function Layers(props: ViewProps & { answer: Answer; groups: readonly Row[] }) {
  const { answer, groups, content, label, numbers, channel, pointed, colours } = props;
  const { title, receipt } = content;
  const shown = useMemo(() => withSum(answer), [answer]);
  const scale = useMemo(() => ({ kind: 'diverging' as const, most: largest(shown.values) }), [shown]);
  const rowNames = useMemo(() => {
    const layers = Array.from({ length: (shown.rows - 2) / 2 }, (_, layer) => layer);
    const parts = layers.flatMap((layer) => [label('attentionOf', layer), label('mlpOf', layer)]);
    return [label('sum'), label('embedding'), ...parts];
  }, [shown, label]);
  const columnNames = useMemo(() => groups.map(({ text }) => text), [groups]);
  const at = ({ row, column }: Cell) => shown.values[row * shown.columns + column]!;
  const column = pointed === null ? -1 : groups.findIndex(({ tokens }) => tokens.includes(pointed));
  const table = () => ({
    columns: [label('part'), ...columnNames.map((name, index) => `${index + 1} ${name}`)],
    rows: rowNames.map((name, row) => [name, ...columnNames.map((_, index) => at({ row, column: index }))]),
  });
  const figure: Figure = {
    title: `${title} ${label('layers')}, ${content.method.name}`,
    notes: [label('layersNote'), ...unitNotes(content, label)],
    scene: (look) =>
      mapScene(
        {
          ...{ matrix: shown, scale, rowNames, columnNames, legend: label('contribution') },
          read: (value) => numbers.signed(value),
        },
        look.colours,
      ),
    table,
    facts: receipt.map(({ name, value }) => [name, value] as const),
    json: () => ({ rowNames, columnNames, contributions: shown.values }),
  };
  return (
    <>
      <p class="remark">{label('layersNote')}</p>
      <HeatMap
        matrix={shown}
        scale={scale}
        colours={colours}
        title={label('layers')}
        label={label}
        rowNames={rowNames}
        columnNames={columnNames}
        largestCell={{ width: 48, height: 22 }}
        say={(cell) =>
          label('cell', rowNames[cell.row]!, columnNames[cell.column]!, numbers.signed(at(cell)))
        }
        textOf={(cell) => numbers.signed(at(cell))}
        marked={column < 0 ? {} : { column }}
        onPoint={(cell) => channel.point(cell ? (groups[cell.column]?.tokens[0] ?? null) : null)}
      />
      <Ramp
        scale={scale}
        colours={colours}
        title={label('contribution')}
        read={(value) => numbers.signed(value)}
      />
      <TableTwin
        table={table}
        title={label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      <ExportBar figure={figure} channel={channel} label={label} />
    </>
  );
}

interface Answer {
  rows: number;
  columns: number;
  contributions: Float32Array;
}

/** The sums of the columns in front. */
function withSum({ rows, columns, contributions }: Answer) {
  const values = new Float32Array((rows + 1) * columns);
  values.set(contributions, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[column] = values[column]! + contributions[row * columns + column]!;
    }
  }
  return { rows: rows + 1, columns, values };
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
