import { barList } from '../base/barList.ts';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import { Picture } from '../base/picture.tsx';
import { TableTwin } from '../base/tableTwin.tsx';
import type { Props } from './page.tsx';
import { movementOf, type Row, rowsOf } from './rows.ts';
import { waterfall } from './waterfall.ts';

/** Bars to be held against each other; each is made of DOM, and nobody reads more. */
const mostBars = 256;

/** The contributions as signed bars, or one after the other from f(baseline) to f(x). */
export function BarsView(props: Props & { isWaterfall: boolean; width: number; colours: Colours }) {
  const { content, label, numbers, options, channel, linked, pointed, isWaterfall, width, colours } = props;
  const { value, baselineValue, fromName, delta, signed, title, receipt, totals } = content;
  const rows = withRest(rowsOf(content, options.granularity, options.order), (count) =>
    label('otherTokens', numbers.count(count)),
  );
  const movement = movementOf(content);
  const share = (score: number) => (movement > 0 ? Math.abs(score) / movement : 0);
  const read = (score: number) => (signed ? numbers.signed(score) : numbers.value(score));
  const bars = rows.map(({ text, score }) => ({ name: text, value: score, text: read(score) }));
  const scene = () =>
    isWaterfall
      ? waterfall(
          rows,
          {
            width,
            from: {
              value: baselineValue,
              text:
                baselineValue === null
                  ? fromName
                  : label('fromBaseline', fromName, numbers.value(baselineValue)),
            },
            to: value === null ? null : { value, text: label('toInput', numbers.value(value)) },
            read: (score) => numbers.signed(score),
          },
          colours,
        )
      : barList(bars, { width, signed }, colours);
  const table = () => ({
    columns: [label('token'), label('contribution'), label('share')],
    rows: rows.map(({ text, score }) => [text, score, share(score)]),
  });
  const figure: Figure = {
    title,
    scene,
    table,
    facts: [...totals, ...receipt].map(({ name, value: said }) => [name, said] as const),
    json: () => content,
  };
  const marked = new Set(
    rows.flatMap(({ tokens }, row) => (pointed !== null && tokens.includes(pointed) ? [row] : [])),
  );
  const sum = rows.reduce((total, { score }) => total + score, 0);
  return (
    <>
      <Picture
        scene={scene()}
        title={label(isWaterfall ? 'waterfall' : 'bars')}
        items={rows.map(({ text, score }) => `${text}: ${read(score)}, ${numbers.percent(share(score))}`)}
        marked={marked}
        onPoint={(row) => linked && channel.point(row === null ? null : (rows[row]?.tokens[0] ?? null))}
      />
      {value !== null && (
        <p class="remark">
          {delta === null ? label('noSum') : label('sumIs', numbers.signed(sum), numbers.signed(delta))}
        </p>
      )}
      <TableTwin
        table={table}
        title={label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      <ExportBar figure={figure} channel={channel} label={label} />
    </>
  );
}

/** So many that all can be drawn; the weakest are one bar, so that the sum is kept. */
function withRest(rows: Row[], name: (count: number) => string): Row[] {
  if (rows.length <= mostBars) return rows;
  const strongest = new Set(
    rows.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, mostBars - 1),
  );
  const rest = rows.filter((row) => !strongest.has(row));
  const tokens = rest.flatMap((row) => row.tokens);
  const score = rest.reduce((sum, row) => sum + row.score, 0);
  return [...rows.filter((row) => strongest.has(row)), { text: name(tokens.length), score, tokens }];
}
