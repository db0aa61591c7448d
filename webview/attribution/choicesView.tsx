import { useMemo } from 'preact/hooks';
import type { AttributionPanel } from '../../src/protocol/panels/attribution.ts';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import { quoted } from '../../src/text/visible.ts';
import { Answering } from '../base/answering.tsx';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import { type Cell, HeatMap } from '../base/heatMap.tsx';
import { mapScene } from '../base/mapScene.ts';
import { Ramp } from '../base/ramp.tsx';
import { TableTwin } from '../base/tableTwin.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import type { Props } from './options.ts';
import { type Row, useRows } from './rows.ts';

interface ViewProps extends Props {
  colours: Colours;
}

type Known = AnswerOf<AttributionPanel, 'choices'>;

/** How much depends on what was chosen: the same question under every baseline, way of removing and objective. */
export function ChoicesView(props: ViewProps) {
  const { content, label, channel } = props;
  const about = content.receipt.map(({ value }) => value).join(' ');
  const question = content.final ? {} : null;
  const { answer, problem, isPending, isOlder } = useAnswer(channel, 'choices', question, about);
  return (
    <>
      <p class="remark">{label('choicesNote')}</p>
      <Answering {...{ isPending, problem, about, label }} name={label('choices')}>
        {answer && !isOlder && answer.rows.length > 0 && <Choices {...props} known={answer} />}
      </Answering>
    </>
  );
}

function Choices(props: ViewProps & { known: Known }) {
  const { known, content, label, numbers, channel, pointed, colours } = props;
  const groups = useRows(props);
  const rows = useMemo(() => {
    const shown = {
      name: `${content.method.name}, ${label('asShown')}`,
      scores: content.tokens.map(({ score }) => score),
      correlation: 1,
    };
    return [shown, ...known.rows].map((row) => ({ ...row, sums: sumsOf(groups, row.scores) }));
  }, [known, content, groups, label]);
  const matrix = useMemo(() => {
    const parts = rows.flatMap(({ sums }) => partsOfLargest(sums));
    return { rows: rows.length, columns: groups.length, values: Float32Array.from(parts) };
  }, [rows, groups]);
  const rowNames = rows.map(({ name, correlation }) =>
    correlation === null ? name : `ρ ${numbers.short(correlation)} · ${name}`,
  );
  const columnNames = groups.map(({ text }) => text);
  const stays = staying(rows.map(({ sums }) => sums)).map((at) => quoted(groups[at]!.text));
  const staysText = stays.length > 0 ? label('stays', stays.join(', ')) : label('nothingStays');
  const isWhole = known.rows.length === known.total;
  const scale = { kind: 'diverging' as const, most: 1 };
  const score = ({ row, column }: Cell) => numbers.signed(rows[row]!.sums[column]!);
  const column = pointed === null ? -1 : groups.findIndex(({ tokens }) => tokens.includes(pointed));
  const table = () => ({
    columns: [label('choices'), label('correlationWithShown'), ...columnNames],
    rows: rows.map(({ name, correlation, sums }) => [name, correlation ?? '', ...sums]),
  });
  const notes = [label('choicesNote'), ...(isWhole ? [staysText] : [])];
  const figure: Figure = {
    title: `${content.title} ${label('choices')}`,
    notes,
    scene: (look) =>
      mapScene(
        {
          ...{ matrix, scale, rowNames, columnNames, legend: label('partOfLargest') },
          read: (value) => numbers.signed(value),
        },
        look.colours,
      ),
    table,
    facts: content.receipt.map(({ name, value }) => [name, value] as const),
    json: () => ({ explanation: content, choices: known.rows }),
  };
  return (
    <>
      {isWhole && <p>{staysText}</p>}
      <HeatMap
        matrix={matrix}
        scale={scale}
        colours={colours}
        title={label('choices')}
        label={label}
        rowNames={rowNames}
        columnNames={columnNames}
        gutter={{ left: 290, top: 78 }}
        largestCell={{ width: 48, height: 24 }}
        say={(cell) => label('cell', rowNames[cell.row]!, columnNames[cell.column]!, score(cell))}
        textOf={score}
        marked={column < 0 ? {} : { column }}
        onPoint={(cell) => channel.point(cell ? (groups[cell.column]?.tokens[0] ?? null) : null)}
      />
      <Ramp
        scale={scale}
        colours={colours}
        title={label('partOfLargest')}
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

function sumsOf(groups: readonly Row[], scores: readonly number[]): number[] {
  return groups.map(({ tokens }) => tokens.reduce((sum, token) => sum + (scores[token] ?? 0), 0));
}

function partsOfLargest(sums: readonly number[]): number[] {
  const largest = Math.max(...sums.map(Math.abs));
  return sums.map((sum) => (largest > 0 ? sum / largest : 0));
}

const strongest = 3;

/** The columns that are among the strongest of every row. */
function staying(rows: readonly (readonly number[])[]): number[] {
  const top = (sums: readonly number[]) =>
    sums
      .map((sum, at) => ({ at, size: Math.abs(sum) }))
      .sort((a, b) => b.size - a.size)
      .slice(0, strongest)
      .map(({ at }) => at);
  const [first = [], ...others] = rows.map(top);
  return first.filter((at) => others.every((other) => other.includes(at)));
}
