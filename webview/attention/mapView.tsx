import { useMemo } from 'preact/hooks';
import { withSigns } from '../../src/text/visible.ts';
import type { Figure } from '../base/figure.ts';
import { type Cell, HeatMap } from '../base/heatMap.tsx';
import { mapScene } from '../base/mapScene.ts';
import { Ramp } from '../base/ramp.tsx';
import { PictureFoot } from './pictureFoot.tsx';
import { mapFacts } from './receipt.ts';
import type { MapProps } from './viewProps.ts';
import { cellNames, nameOf, quotedCell, strongestPairs, tokenOf } from './weights.ts';

/** Rows of the table of all pairs: 1,024 tokens have half a million. */
const mostPairs = 10_000;

/** Queries × keys. */
export function MapView(props: MapProps) {
  const { map, scale, unit, title, query, sought, onQuery, colours, label, numbers, choose, channel } = props;
  const names = useMemo(() => cellNames(map), [map]);
  const matrix = useMemo(() => ({ rows: map.size, columns: map.size, values: map.weights }), [map]);
  const weightAt = ({ row, column }: Cell) => map.weights[row * map.size + column]!;
  const say = (cell: Cell) =>
    label('cell', quotedCell(map, cell.row), quotedCell(map, cell.column), numbers.value(weightAt(cell)));
  const point = (cell: Cell | null) => {
    onQuery(cell?.row ?? null);
    channel.point(cell && tokenOf(map, cell.column));
  };
  return (
    <>
      <HeatMap
        {...{ matrix, scale, colours, title, label, say, rowNames: names, columnNames: names }}
        marked={{ row: query }}
        sought={sought === null ? null : { row: sought }}
        onPoint={point}
        onPress={({ row }) => choose({ query: tokenOf(map, row) })}
      />
      <p class="remark">{label('mapAxes')}</p>
      <Ramp {...{ scale, colours, title: unit, read: (value) => numbers.value(value) }} />
      <PictureFoot
        {...props}
        figure={() => mapFigure(props, names)}
        about={[map, scale, title, unit]}
        tableTitle={label('pairs', numbers.count(mostPairs))}
      />
    </>
  );
}

function mapFigure(props: MapProps, names: readonly string[]): Figure {
  const { map, scale, unit, title, label, numbers, content, options } = props;
  const matrix = { rows: map.size, columns: map.size, values: map.weights };
  const read = (value: number) => numbers.value(value);
  return {
    title: `${title}: ${withSigns(content.document)}`,
    scene: (look) =>
      mapScene({ matrix, scale, rowNames: names, columnNames: names, legend: unit, read }, look.colours),
    notes: [label('mapAxes')],
    table: () => ({
      columns: ['#', label('query'), '#', label('key'), unit],
      rows: strongestPairs(map, scale.least ?? 0, mostPairs).map((pair) => {
        const [query, key] = [tokenOf(map, pair.query), tokenOf(map, pair.key)];
        return [query, nameOf(map, query), key, nameOf(map, key), pair.weight];
      }),
    }),
    facts: [...mapFacts(map, props), [label('view'), title], [unit, read(scale.most)]],
    json: () => {
      const { view, layer, head, withoutFirst, gradient } = options;
      return { asked: { view, layer, head, withoutFirst, gradient }, ...map };
    },
  };
}
