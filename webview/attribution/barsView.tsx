import { useMemo } from 'preact/hooks';
import { estimate } from '../../src/text/estimate.ts';
import { movementOf } from '../../src/text/level.ts';
import { markedText } from '../../src/text/markedText.ts';
import { barList } from '../base/barList.ts';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import type { Look } from '../base/paper.ts';
import { Picture } from '../base/picture.tsx';
import { stacked } from '../base/stacked.ts';
import { TableTwin } from '../base/tableTwin.tsx';
import { tokenStrip } from '../base/tokenStrip.ts';
import { barNotes, markNotes } from './barNotes.ts';
import type { Props } from './options.ts';
import { rowsWith, useRows } from './rows.ts';
import { stripOf } from './strip.ts';
import { waterfall } from './waterfall.ts';

/** The contributions as signed bars, or one after the other from f(baseline) to f(x). */
export function BarsView(props: Props & { isWaterfall: boolean; width: number; colours: Colours }) {
  const { content, label, numbers, channel, pointed, isWaterfall, width, colours } = props;
  const { choose, toggleLine } = props;
  const isByLine = props.options.granularity === 'line';
  const { value, baselineValue, fromName, sumNote, signed, title, remarks, receipt, totals } = content;
  const rows = useRows(props);
  const movement = movementOf(content.tokens);
  const isEstimate = rows.every(({ standardError }) => standardError !== undefined);
  const share = (score: number) => (movement > 0 ? Math.abs(score) / movement : 0);
  const read = (score: number) => (signed ? numbers.signed(score) : numbers.amount(score));
  // What is pointed at changes often, the picture seldom.
  const draw = (look: Look) => {
    if (!isWaterfall) {
      const bars = rows.map(({ text, score }) => ({ name: text, value: score, text: read(score) }));
      return barList(bars, { width: look.width, signed }, look.colours);
    }
    const from =
      baselineValue === null ? fromName : label('fromBaseline', fromName, numbers.amount(baselineValue));
    const ends = {
      from: { value: baselineValue, text: from },
      to: value === null ? null : { value, text: label('toInput', numbers.amount(value)) },
    };
    const steps = { width: look.width, ...ends, read: (score: number) => numbers.signed(score) };
    return waterfall(rows, steps, look.colours);
  };
  const look = { width, colours };
  const scene = useMemo(() => draw(look), [content, rows, isWaterfall, width, colours, label, numbers]);
  const press = (row: number) => {
    const token = rows[row]?.tokens[0];
    if (token === undefined) return;
    if (isByLine) toggleLine(token);
    else choose({ view: 'removal', removed: token });
  };
  const items = useMemo(
    () =>
      rows.map(({ text, score, standardError, tokens }) => {
        const told = `${text}: ${estimate(numbers, read(score), standardError)}, ${numbers.percent(share(score))}`;
        if (isByLine) return label(tokens.length > 1 ? 'openLine' : 'closeLine', told);
        return label('pressRemove', told);
      }),
    [rows, numbers, isByLine],
  );
  const table = () => ({
    columns: [
      ...[label('token'), label('contribution'), label('share')],
      ...(isEstimate ? [label('standardError')] : []),
    ],
    rows: rows.map(({ text, score, standardError }) => [
      ...[text, score, share(score)],
      ...(isEstimate ? [standardError as number] : []),
    ]),
  });
  const figure: Figure = {
    title: `${title} ${label(isWaterfall ? 'waterfall' : 'bars')}, ${content.method.name}`,
    // The coloured text itself, too: on the page it is above.
    scene: (look) =>
      stacked(tokenStrip(stripOf(content, look.colours), look.width, look.colours), draw(look)),
    notes: [...barNotes(content, label), ...remarks, ...(sumNote === null ? [] : [sumNote])],
    marked: () => ({
      html: markedText(
        content.tokens.map(({ text, score }) => ({
          text,
          score: signed ? score : Math.abs(score),
          amount: read(score),
        })),
      ),
      notes: markNotes(content, label),
    }),
    table,
    facts: [...totals, ...receipt].map(({ name, value: said }) => [name, said] as const),
    json: () => content,
  };
  return (
    <>
      <Picture
        scene={scene}
        title={label(isWaterfall ? 'waterfall' : 'bars')}
        items={items}
        marked={rowsWith(rows, pointed)}
        onPress={press}
        onPoint={(row) => channel.point(row === null ? null : (rows[row]?.tokens[0] ?? null))}
      />
      {sumNote && <p class="remark">{sumNote}</p>}
      <TableTwin
        table={table}
        title={label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      <ExportBar figure={figure} channel={channel} label={label} />
    </>
  );
}
