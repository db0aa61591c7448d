import { useMemo } from 'preact/hooks';
import type { Attributions } from '../../src/protocol/panels/attribution.ts';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import { Facts } from '../base/facts.tsx';
import type { Figure } from '../base/figure.ts';
import { type Cell, HeatMap } from '../base/heatMap.tsx';
import { mapScene } from '../base/mapScene.ts';
import { Ramp } from '../base/ramp.tsx';
import { TableTwin } from '../base/tableTwin.tsx';
import { unitNotes } from './barNotes.ts';
import type { Props } from './options.ts';

interface ViewProps extends Props {
  components: Components;
  colours: Colours;
}

type Components = NonNullable<Attributions['components']>;

const gutter = { left: 70, top: 34 };
/** Wide enough for a number. */
const largestCell = { width: 52, height: 26 };

/** What each head and each MLP wrote straight to the prediction; with what is no part's own they sum up to f(x). */
export function ComponentsView({ components, content, label, numbers, channel, colours }: ViewProps) {
  const matrix = useMemo(() => matrixOf(components), [components]);
  const heads = matrix.columns - 1;
  // One scale for both: they are amounts of the same sum.
  const scale = useMemo(() => ({ kind: 'diverging' as const, most: largest(matrix.values) }), [matrix]);
  const rowNames = useMemo(
    () => Array.from({ length: matrix.rows }, (_, layer) => label('layerOf', layer)),
    [matrix, label],
  );
  const columnNames = useMemo(
    () => [...Array.from({ length: heads }, (_, head) => String(head)), 'MLP'],
    [heads],
  );
  const at = ({ row, column }: Cell) => matrix.values[row * matrix.columns + column]!;
  const nameOf = (column: number) => (column < heads ? label('headOf', column) : 'MLP');
  const { embedding, biases } = components;
  const parts = [
    [label('embedding'), embedding],
    [label('allHeads'), sum(components.heads)],
    [label('allMlps'), sum(components.mlps)],
    [label('biases'), biases],
  ] as const;
  const sums = [...parts, ['f(x)', parts.reduce((total, [, amount]) => total + amount, 0)] as const];
  const table = () => ({
    columns: [label('part'), ...Array.from({ length: heads + 1 }, (_, column) => nameOf(column))],
    rows: rowNames.map((name, row) => [name, ...columnNames.map((_, column) => at({ row, column }))]),
  });
  const figure: Figure = {
    title: `${content.title} ${label('components')}, ${content.method.name}`,
    notes: [label('componentsNote'), ...unitNotes(content, label)],
    scene: (look) =>
      mapScene(
        {
          ...{ matrix, scale, rowNames, columnNames, legend: label('contribution') },
          read: (value) => numbers.signed(value),
        },
        look.colours,
      ),
    table,
    facts: [
      ...sums.map(([name, amount]) => [name, numbers.signed(amount)] as const),
      ...content.receipt.map(({ name, value }) => [name, value] as const),
    ],
    json: () => ({
      ...{ embedding, biases, heads: rowsOf(components.heads, matrix.rows) },
      mlps: Array.from(components.mlps),
    }),
  };
  return (
    <>
      <p class="remark">{label('componentsNote')}</p>
      <HeatMap
        matrix={matrix}
        scale={scale}
        colours={colours}
        title={label('components')}
        label={label}
        rowNames={rowNames}
        columnNames={columnNames}
        gutter={gutter}
        largestCell={largestCell}
        separators={[heads]}
        say={(cell) => label('cell', rowNames[cell.row]!, nameOf(cell.column), numbers.signed(at(cell)))}
        textOf={(cell) => numbers.short(at(cell), true)}
      />
      <Ramp
        scale={scale}
        colours={colours}
        title={label('contribution')}
        read={(value) => numbers.signed(value)}
      />
      <Facts facts={sums.map(([name, amount]) => ({ name, value: numbers.signed(amount) }))} />
      <TableTwin
        table={table}
        title={label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      <ExportBar figure={figure} channel={channel} label={label} />
    </>
  );
}

/** A row for each layer: its heads, and its MLP behind them. */
function matrixOf({ heads, mlps }: Components) {
  const [rows, count] = [mlps.length, heads.length / mlps.length];
  const columns = count + 1;
  const values = new Float32Array(rows * columns);
  for (const [layer, mlp] of mlps.entries()) {
    values.set(heads.subarray(layer * count, (layer + 1) * count), layer * columns);
    values[layer * columns + count] = mlp;
  }
  return { rows, columns, values };
}

function rowsOf(values: Float32Array, rows: number): number[][] {
  const columns = values.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns)),
  );
}

function sum(values: Float32Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
