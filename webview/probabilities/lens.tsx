import { useMemo, useState } from 'preact/hooks';
import { lensBlock, type ShownLens } from '../../src/protocol/panels/probabilities.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import { useColours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import { type Cell, HeatMap } from '../base/heatMap.tsx';
import { Held } from '../base/held.tsx';
import { wideGutter } from '../base/mapDrawing.ts';
import type { Label } from '../base/page.tsx';
import { Ramp } from '../base/ramp.tsx';
import { receiptFacts } from '../base/receipt.ts';
import { useAnswer } from '../base/useAnswer.ts';
import { type Props, shownInCell } from './common.ts';
import { Followed } from './followed.tsx';
import { FollowForm } from './followForm.tsx';
import { lensScene, lensTable } from './lensFigure.ts';
import { lensMap } from './lensMap.ts';
import type { Options } from './options.ts';
import { Tools } from './tools.tsx';

interface LensProps extends Props {
  at: number | null;
  context: string;
  /** Tokens of the strip. */
  count: number;
  onPlace: (at: number | null, change: Partial<Options>) => void;
}

/** Wide enough for most tokens. */
const cellSize = { width: 62, height: 22 };

/** What each layer would predict, over the tokens; and one token in all layers. */
export function LensView(props: LensProps) {
  const { content, options, choose, channel, label, numbers, at, count } = props;
  const place = at ?? count;
  const follow = options.everyCell ? options.follow : null;
  const { answer, problem, isPending, isOlder } = useAnswer(
    channel,
    'lens',
    { block: Math.floor(place / lensBlock), follow },
    content.reading,
  );
  const newest = isOlder ? null : answer;
  const lens = newest?.lens ?? null;
  const progress = newest?.total ? numbers.percent(newest.done / newest.total) : null;
  const title = lens ? titleOf(lens, label) : '';
  return (
    <>
      <p class="remark">{label('lensNote')}</p>
      {problem && <p class="problem">{problem}</p>}
      {isPending && (
        <p class="remark" aria-live="polite">
          {progress ? label('progressLens', progress) : label('reading')}
        </p>
      )}
      <Held key={content.reading} name={title} label={label}>
        {lens && <Drawn {...props} answer={lens} place={place} title={title} />}
      </Held>
      <FollowForm
        follow={options.follow}
        everyCell={options.everyCell}
        onFollow={(token) => choose({ follow: token })}
        onEveryCell={(everyCell) => choose({ everyCell })}
        label={label}
      />
      {options.follow && <Followed {...props} token={options.follow} />}
      {!options.follow && <p class="remark">{label('pressCell')}</p>}
    </>
  );
}

function titleOf({ followed }: ShownLens, label: Label): string {
  return followed ? label('ranksMap', quoted(tokenName(followed))) : label('lensMap');
}

function Drawn(props: LensProps & { answer: ShownLens; place: number; title: string }) {
  const { answer, place, title, label, numbers, channel, count, onPlace } = props;
  const colours = useColours();
  const map = useMemo(() => lensMap(answer, { label, numbers }), [answer, label, numbers]);
  const names = useMemo(() => answer.columns.map(shownInCell), [answer]);
  const gutter = useMemo(() => wideGutter(map.rowNames, colours), [map, colours]);
  const [pressed, setPressed] = useState<number | null>(null);
  const { first, columns, rows, followed } = answer;
  // The column in front of a position predicts it.
  const column = place - 1 - first;
  const press = ({ row, column: at }: Cell) => {
    const position = first + at + 1;
    setPressed(row);
    const follow = { kind: 'id', id: map.idAt({ row, column: at }) } as const;
    // In one go: two questions would be asked otherwise.
    onPlace(position >= count ? null : position, { follow });
  };
  const point = (cell: Cell | null) => {
    const token = cell ? first + cell.column : -1;
    channel.point(token < 0 ? null : token);
  };
  const figure: Figure = {
    title,
    scene: (look) => lensScene(map, names, look.colours),
    notes: [label('lensPlace')],
    table: () => lensTable(answer, { label, numbers }),
    facts: receiptFacts(answer.receipt, { label, numbers }),
    json: () => answer,
  };
  return (
    <>
      <p class="remark">
        {label('lensPlace')}{' '}
        {label(
          'lensBlock',
          numbers.count(Math.max(0, first) + 1),
          numbers.count(first + columns.length),
          numbers.count(count),
        )}
      </p>
      <Ramp
        scale={map.scale}
        colours={colours}
        title={label(followed ? 'rank' : 'probability')}
        read={map.read}
      />
      <HeatMap
        // Of another block: its column is to be seen as at first.
        key={first}
        matrix={map.matrix}
        scale={map.scale}
        colours={colours}
        title={title}
        rowNames={map.rowNames}
        columnNames={names}
        say={map.say}
        label={label}
        textOf={map.textOf}
        cell={cellSize}
        gutter={gutter}
        marked={pressed === null ? { column } : { row: Math.min(pressed, rows - 1), column }}
        onPoint={point}
        onPress={press}
      />
      <Tools figure={figure} channel={channel} {...{ label, numbers }} />
    </>
  );
}
