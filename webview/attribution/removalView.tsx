import { useMemo } from 'preact/hooks';
import type { AttributionPanel } from '../../src/protocol/panels/attribution.ts';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import { estimate } from '../../src/text/estimate.ts';
import { Answering } from '../base/answering.tsx';
import { barList } from '../base/barList.ts';
import { Choice } from '../base/choice.tsx';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import { Facts } from '../base/facts.tsx';
import type { Figure } from '../base/figure.ts';
import type { Look } from '../base/paper.ts';
import { Picture } from '../base/picture.tsx';
import { TableTwin } from '../base/tableTwin.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import { barNotes } from './barNotes.ts';
import type { Props } from './options.ts';
import { type Row, rowsWith, useRows } from './rows.ts';

interface ViewProps extends Props {
  width: number;
  colours: Colours;
}

/** A token, word or line is removed by every operator: what its contribution claims beside what the prediction loses. */
export function RemovalView(props: ViewProps) {
  const { content, label, options, choose, channel } = props;
  const rows = useRows(props);
  const [checked = -1] = rowsWith(rows, options.removed);
  const strongest = useMemo(() => strongestOf(rows), [rows]);
  const row = rows[checked] ?? strongest;
  const about = content.receipt.map(({ value }) => value).join(' ');
  const question = content.final && row ? { tokens: [...row.tokens] } : null;
  const { answer, problem, isPending, isOlder } = useAnswer(channel, 'remove', question, about);
  if (!row) return null;
  return (
    <>
      <div class="bar">
        <Choice
          name={label('removedToken')}
          options={rows.map(({ text }, index) => ({ id: String(index), name: `${index + 1} ${text}` }))}
          chosen={String(rows.indexOf(row))}
          onChoose={(index) => choose({ removed: rows[Number(index)]?.tokens[0] ?? null })}
        />
      </div>
      <Answering {...{ isPending, problem, label }} about={`${about} ${row.tokens}`} name={row.text}>
        {answer && !isOlder && <Changes {...props} {...{ answer, row }} />}
      </Answering>
    </>
  );
}

/** f is the difference of numbers of some tens in float32, which is known to about this. */
const rounding = 1e-5;

/** f(x) − f without it; 0 where that is rounding, as when the model writes the same token anew. */
function lossOf(whole: number, without: number): number {
  const loss = whole - without;
  return Math.abs(loss) <= rounding ? 0 : loss;
}

function strongestOf(rows: readonly Row[]): Row | undefined {
  return rows.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score))[0];
}

interface ChangesProps extends ViewProps {
  answer: AnswerOf<AttributionPanel, 'remove'>;
  row: Row;
}

function Changes(props: ChangesProps) {
  const { answer, row, content, width, colours, label, numbers, channel } = props;
  const { method, signed, title, receipt } = content;
  const losses = answer.without.map(({ name, value, standardError }) => {
    const loss = lossOf(answer.value, value);
    return {
      ...{ name, value, loss },
      text: estimate(numbers, numbers.signed(loss), standardError ?? undefined),
    };
  });
  const claim = label('predictedBy', method.name);
  const draw = (look: Look) => {
    const claimed = { name: claim, value: row.score, text: numbers.signed(row.score), bold: true };
    const tried = losses.map(({ name, loss, text }, index) => ({
      ...{ name, value: loss, text },
      ...(index === 0 && signed && { ruled: true }),
    }));
    const bars = signed ? [claimed, ...tried] : tried;
    return barList(bars, { width: look.width, signed: true, numberWidth: 130 }, look.colours);
  };
  const scene = useMemo(() => draw({ width, colours }), [answer, row, width, colours, label, numbers]);
  const items = [
    ...(signed ? [`${claim}: ${numbers.signed(row.score)}`] : []),
    ...losses.map(({ name, text }) => `${name}: ${text}`),
  ];
  const table = () => ({
    columns: [label('removal'), label('without'), label('change'), label('standardError')],
    rows: [
      ...(signed ? [[claim, '', row.score, '']] : []),
      ...losses.map(({ name, value, loss }, index) => [
        ...[name, value, loss],
        answer.without[index]?.standardError ?? '',
      ]),
    ],
  });
  const notes = [label('removalNote'), ...(signed ? [] : [label('noClaim')])];
  const figure: Figure = {
    title: `${title} ${label('removal')}: ${row.text}, ${method.name}`,
    scene: draw,
    notes: [...barNotes(content, label), ...notes],
    table,
    facts: [...receipt, ...answer.receipt].map(({ name, value }) => [name, value] as const),
    json: () => ({ explanation: content, tokens: row.tokens, ...answer }),
  };
  return (
    <>
      <Picture scene={scene} title={label('removal')} items={items} />
      {notes.map((note) => (
        <p class="remark" key={note}>
          {note}
        </p>
      ))}
      <TableTwin
        table={table}
        title={label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      <ExportBar figure={figure} channel={channel} label={label} />
      <details>
        <summary>{label('receipt')}</summary>
        <Facts facts={answer.receipt} />
      </details>
    </>
  );
}
