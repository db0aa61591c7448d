import { barList } from '../base/barList.ts';
import { Choice } from '../base/choice.tsx';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import { Picture } from '../base/picture.tsx';
import { TableTwin } from '../base/tableTwin.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import type { Options, Props } from './page.tsx';
import { type Row, rowsOf } from './rows.ts';

/** The same question by two methods, side by side, each on a scale of its own, with their rank correlation. */
export function CompareView(props: Props & { width: number; colours: Colours }) {
  const { content, label, numbers, options, choose, channel, linked, pointed, width, colours } = props;
  const { method, otherMethods, signed, tokens, title, receipt, final } = content;
  const other = otherMethods.find(({ id }) => id === options.other) ?? otherMethods[0]!;
  const about = receipt.map(({ value }) => value).join(' ');
  const answered = useAnswer(channel, 'compare', linked && final ? { method: other.id } : null, about);
  const { problem, isPending } = answered;
  const answer = answered.isOlder ? null : answered.answer;
  const rows = rowsOf(content, options.granularity, options.order);
  const second = answer && rows.map((row) => sumOf(row, answer.scores));
  const half = Math.floor((width - 16) / 2);
  const list = (scores: readonly number[], isSigned: boolean) =>
    barList(
      rows.map(({ text }, index) => {
        const value = scores[index] ?? 0;
        return { name: text, value, text: read(value, isSigned) };
      }),
      { width: half, signed: isSigned },
      colours,
    );
  const read = (value: number, isSigned: boolean) =>
    isSigned ? numbers.signed(value) : numbers.value(value);
  const own = rows.map(({ score }) => score);
  const table = () => ({
    columns: [label('token'), method.name, other.name],
    rows: rows.map(({ text, score }, index) => [text, score, second?.[index] ?? null]),
  });
  const figure: Figure = {
    title: `${title} ${method.name}, ${other.name}`,
    scene: () => {
      const [left, right] = [list(own, signed), list(second ?? [], answer?.signed ?? true)];
      const shifted = right.shapes.map((shape) =>
        shape.kind === 'line' || shape.kind === 'arc'
          ? {
              ...shape,
              from: [shape.from[0] + half + 16, shape.from[1]] as const,
              to: [shape.to[0] + half + 16, shape.to[1]] as const,
            }
          : { ...shape, x: shape.x + half + 16 },
      );
      return { ...left, width, shapes: [...left.shapes, ...shifted] };
    },
    table,
    facts: [...receipt, ...(answer?.receipt ?? [])].map(({ name, value }) => [name, value] as const),
    json: () => ({ first: content, second: answer }),
  };
  const marked = new Set(
    rows.flatMap((row, index) => (pointed !== null && row.tokens.includes(pointed) ? [index] : [])),
  );
  const point = (row: number | null) =>
    linked && channel.point(row === null ? null : (rows[row]?.tokens[0] ?? null));
  const sayOf = (scores: readonly number[], isSigned: boolean) =>
    rows.map(({ text }, index) => `${text}: ${read(scores[index] ?? 0, isSigned)}`);
  return (
    <>
      <Choice
        name={label('otherMethod')}
        options={otherMethods}
        chosen={other.id}
        onChoose={(id) => choose({ other: id } as Partial<Options>)}
      />
      {isPending && <p class="remark">{label('reading')}</p>}
      {problem && <p class="problem">{problem}</p>}
      <div class="sideBySide">
        <section aria-label={method.name}>
          <h2>{method.name}</h2>
          <Picture
            scene={list(own, signed)}
            title={method.name}
            items={sayOf(own, signed)}
            marked={marked}
            onPoint={point}
          />
        </section>
        {answer && second && (
          <section aria-label={other.name}>
            <h2>{other.name}</h2>
            <Picture
              scene={list(second, answer.signed)}
              title={other.name}
              items={sayOf(second, answer.signed)}
              marked={marked}
              onPoint={point}
            />
          </section>
        )}
      </div>
      {answer && (
        <>
          <p>
            {answer.correlation === null
              ? label('noCorrelation')
              : label(
                  answer.ofMagnitudes ? 'correlationOfMagnitudes' : 'correlation',
                  numbers.count(tokens.length),
                  numbers.signed(answer.correlation),
                )}
          </p>
          <TableTwin
            table={table}
            title={label('asTable')}
            more={(count) => label('more', numbers.count(count))}
          />
          <ExportBar figure={figure} channel={channel} label={label} />
        </>
      )}
    </>
  );
}

function sumOf({ tokens }: Row, scores: readonly number[]): number {
  return tokens.reduce((sum, token) => sum + (scores[token] ?? 0), 0);
}
