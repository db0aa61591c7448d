import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { AttributionPanel, Method } from '../../src/protocol/panels/attribution.ts';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import { disagreements } from '../../src/text/disagreement.ts';
import { barList } from '../base/barList.ts';
import { Choice } from '../base/choice.tsx';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import type { Figure } from '../base/figure.ts';
import { Held } from '../base/held.tsx';
import { moved } from '../base/moved.ts';
import { Picture } from '../base/picture.tsx';
import type { Scene } from '../base/scene.ts';
import { TableTwin } from '../base/tableTwin.tsx';
import { fitted } from '../base/textWidth.ts';
import { useAnswer } from '../base/useAnswer.ts';
import { barNotes } from './barNotes.ts';
import type { Props } from './options.ts';
import { type Row, rowsWith, useRows } from './rows.ts';

interface ViewProps extends Props {
  width: number;
  colours: Colours;
}

const gap = 16;
/** Pixels below which the lists are one below the other. */
const narrow = 480;

/** The same question by two methods, side by side, each on a scale of its own, with their rank correlation. */
export function CompareView(props: ViewProps) {
  const { content, label, options, choose, channel, width } = props;
  const { method, otherMethods, signed, receipt, final } = content;
  const other = otherMethods.find(({ id }) => id === options.other) ?? otherMethods[0]!;
  const about = receipt.map(({ value }) => value).join(' ');
  const question = final ? { method: other.id } : null;
  const { answer, problem, isPending, isOlder } = useAnswer(channel, 'compare', question, about);
  const rows = useRows(props);
  const scores = useMemo(() => rows.map(({ score }) => score), [rows]);
  // The first picture is that of both once they are known: the same, with stripes.
  const isOpposed = useMemo(
    () => (answer && !isOlder && signed ? opposedRows(rows, answer) : nothingOpposed),
    [rows, answer, isOlder, signed],
  );
  const own = useBars(rows, scores, { signed, isOpposed }, { ...props, width: halfOf(width) });
  const side = <Side {...props} {...own} {...{ method, rows }} />;
  return (
    <>
      <Choice
        name={label('otherMethod')}
        options={otherMethods}
        chosen={other.id}
        onChoose={(id) => choose({ other: id })}
      />
      {isPending && <p class="remark">{label('reading')}</p>}
      {problem && <p class="problem">{problem}</p>}
      {!answer && <div class={sidesOf(width)}>{side}</div>}
      <Held key={about} name={other.name} label={label}>
        {answer && !isOlder && (
          <Both {...props} {...{ other, answer, rows, side, isOpposed }} own={own.draw} />
        )}
      </Held>
    </>
  );
}

/** However long what is said of each method. */
const sidesOf = (width: number) => (width < narrow ? 'sideBySide' : 'sideBySide columns');

/** Of one list. */
function halfOf(width: number): number {
  return width < narrow ? width : Math.floor((width - gap) / 2);
}

interface BothProps extends ViewProps {
  other: Method;
  answer: AnswerOf<AttributionPanel, 'compare'>;
  rows: readonly Row[];
  /** Per row: whether the methods have opposite signs. */
  isOpposed: readonly boolean[];
  /** The first method, and the picture in it. */
  side: ComponentChildren;
  own: (width: number, colours: Colours) => Scene;
}

/** Both methods, and what is known of the two. */
function Both(props: BothProps) {
  const { content, other, answer, rows, isOpposed, side, own, width, label, numbers, channel } = props;
  const { method, tokens, title, remarks, receipt } = content;
  const scores = useMemo(() => rows.map((row) => sumOf(row, answer.scores)), [rows, answer]);
  const second = useBars(
    rows,
    scores,
    { signed: answer.signed, isOpposed },
    { ...props, width: halfOf(width) },
  );
  const areSigned = content.signed && answer.signed;
  const table = () => ({
    columns: [label('token'), method.name, other.name, ...(areSigned ? [label('oppositeSigns')] : [])],
    rows: rows.map(({ text, score }, index) => [
      ...[text, score, scores[index]!],
      ...(areSigned ? [isOpposed[index] ? '×' : ''] : []),
    ]),
  });
  const { correlation, ofMagnitudes } = answer;
  const correlationText =
    correlation === null
      ? label('noCorrelation')
      : label(
          ofMagnitudes ? 'correlationOfMagnitudes' : 'correlation',
          numbers.count(tokens.length),
          numbers.amount(correlation),
        );
  const opposed = isOpposed.filter((one) => one).length;
  const hatchedText = opposed > 0 ? label('hatched', numbers.count(opposed)) : null;
  const figure: Figure = {
    title: `${title} ${method.name}, ${other.name}`,
    scene: (look) => {
      const half = halfOf(look.width);
      return sideBySide(
        [method.name, other.name],
        [own(half, look.colours), second.draw(half, look.colours)],
        look.colours,
      );
    },
    notes: [
      ...barNotes(content, label),
      ...remarks,
      ...answer.remarks,
      correlationText,
      ...(hatchedText ? [hatchedText] : []),
    ],
    table,
    facts: [...receipt, ...answer.receipt].map(({ name, value }) => [name, value] as const),
    json: () => ({ first: content, second: answer }),
  };
  return (
    <>
      <div class={sidesOf(width)}>
        {side}
        <Side {...props} {...second} method={other} remarks={answer.remarks} />
      </div>
      <p>{correlationText}</p>
      {hatchedText && (
        <p class="hatchLegend">
          <span class="swatch hatched" aria-hidden="true" /> {hatchedText}
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

const headingHeight = 24;

/** For a file: each list under its method's name. */
function sideBySide(names: readonly string[], scenes: readonly Scene[], colours: Colours): Scene {
  const [first, second] = scenes as [Scene, Scene];
  const words = { kind: 'words' as const, y: 15, size: 13, fill: colours.foreground, font: colours.font };
  const place = (side: number) => side * (first.width + gap);
  return {
    ...first,
    width: place(1) + second.width,
    height: headingHeight + Math.max(first.height, second.height),
    shapes: scenes.flatMap(({ width, shapes }, side) => [
      { ...words, bold: true, x: place(side), text: fitted(names[side]!, 0.9 * width, 13, colours.font) },
      ...shapes.map((shape) => moved(shape, place(side), headingHeight)),
    ]),
  };
}

/** One method's bars under its name. */
function Side({
  method,
  scene,
  items,
  rows,
  pointed,
  channel,
  remarks = [],
}: Props & {
  method: Method;
  scene: Scene;
  items: readonly string[];
  rows: readonly Row[];
  /** What is not said above both methods. */
  remarks?: readonly string[];
}) {
  return (
    <section aria-label={method.name}>
      <h2>{method.name}</h2>
      <Picture
        scene={scene}
        title={method.name}
        items={items}
        marked={rowsWith(rows, pointed)}
        onPoint={(row) => channel.point(row === null ? null : (rows[row]?.tokens[0] ?? null))}
      />
      {remarks.map((remark) => (
        <p class="remark" key={remark}>
          {remark}
        </p>
      ))}
    </section>
  );
}

/** A picture of the scores, and its bars in words. */
function useBars(
  rows: readonly Row[],
  scores: readonly number[],
  { signed, isOpposed }: { signed: boolean; isOpposed: readonly boolean[] },
  { width, colours, numbers, label }: Pick<ViewProps, 'width' | 'colours' | 'numbers' | 'label'>,
): { scene: Scene; items: readonly string[]; draw: (width: number, colours: Colours) => Scene } {
  return useMemo(() => {
    const read = (value: number) => (signed ? numbers.signed(value) : numbers.amount(value));
    const bars = rows.map(({ text }, row) => {
      const value = scores[row] ?? 0;
      return { name: text, value, text: read(value), hatched: isOpposed[row] ?? false };
    });
    const draw = (room: number, look: Colours) => barList(bars, { width: room, signed }, look);
    return {
      ...{ scene: draw(width, colours), draw },
      items: bars.map(({ name, text, hatched }) =>
        hatched ? label('oppositeSign', `${name}: ${text}`) : `${name}: ${text}`,
      ),
    };
  }, [rows, scores, signed, isOpposed, width, colours, numbers, label]);
}

const nothingOpposed: readonly boolean[] = [];

function opposedRows(
  rows: readonly Row[],
  { scores, standardErrors, signed }: AnswerOf<AttributionPanel, 'compare'>,
): readonly boolean[] {
  if (!signed) return nothingOpposed;
  const theirs = rows.map((row) => ({
    score: sumOf(row, scores),
    ...(standardErrors && { standardError: sumOf(row, standardErrors) }),
  }));
  return disagreements(rows, theirs);
}

function sumOf({ tokens }: Row, scores: readonly number[]): number {
  return tokens.reduce((sum, token) => sum + (scores[token] ?? 0), 0);
}
