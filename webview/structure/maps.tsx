import { useMemo } from 'preact/hooks';
import type { Numbers } from '../../src/text/numbers.ts';
import type { Part } from '../../src/text/weightTree.ts';
import type { Colours } from '../base/colours.ts';
import { HeatMap } from '../base/heatMap.tsx';
import type { Label } from '../base/page.tsx';
import type { Scale } from '../base/palette.ts';
import { Ramp } from '../base/ramp.tsx';
import { cellOf, largest, matrixOf, numberOf, type PartValues, partOf } from './parts.ts';

interface Props {
  values: PartValues;
  kind: Scale['kind'];
  /** What it is a map of, and what its numbers mean. */
  title: string;
  help: string;
  colours: Colours;
  marked: Part | null;
  say: (part: Part) => string;
  label: Label;
  numbers: Numbers;
  onPoint: (part: Part | null) => void;
  onPress: (part: Part) => void;
}

const gutter = { left: 70, top: 34 };
/** Wide enough for a number. */
const largestCell = { width: 48, height: 26 };

/** One number per part, layers × heads and the MLPs, with a legend for either. */
export function PartMap(props: Props) {
  const { values, kind, title, help, colours, marked, label, numbers } = props;
  const matrix = useMemo(() => matrixOf(values), [values]);
  const scale = useMemo((): Scale => ({ kind, most: 1 }), [kind]);
  const { layers, heads } = values;
  const rowNames = useMemo(
    () => Array.from({ length: layers }, (_, layer) => label('block', layer)),
    [layers, label],
  );
  const columnNames = useMemo(
    () => [...Array.from({ length: heads }, (_, head) => String(head)), 'MLP'],
    [heads],
  );
  const read = (value: number) => (kind === 'diverging' ? numbers.signed(value) : numbers.value(value));
  const text = (value: number) => (Number.isNaN(value) ? '' : numbers.short(value, kind === 'diverging'));
  const scaleOf = (all: Float32Array): Scale => ({ kind, most: largest(all) });
  return (
    <>
      <p class="remark">{help}</p>
      <HeatMap
        matrix={matrix}
        scale={scale}
        colours={colours}
        title={title}
        gutter={gutter}
        largestCell={largestCell}
        textOf={(cell) => text(numberOf(values, partOf(values, cell)))}
        separators={[heads]}
        rowNames={rowNames}
        columnNames={columnNames}
        label={label}
        say={(cell) => props.say(partOf(values, cell))}
        {...(marked && { marked: cellOf(values, marked) })}
        onPoint={(cell) => props.onPoint(cell && partOf(values, cell))}
        onPress={(cell) => props.onPress(partOf(values, cell))}
      />
      <Ramp scale={scaleOf(values.ofHeads)} colours={colours} title={label('heads')} read={read} />
      <Ramp scale={scaleOf(values.ofMlps)} colours={colours} title={label('mlps')} read={read} />
    </>
  );
}
