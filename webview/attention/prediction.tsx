import type { Prediction } from '../../src/protocol/panels/attention.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted, visible, withSigns } from '../../src/text/visible.ts';
import { barList } from '../base/barList.ts';
import type { Figure } from '../base/figure.ts';
import { Heading } from '../base/heading.tsx';
import { Held } from '../base/held.tsx';
import { moved } from '../base/moved.ts';
import { Picture } from '../base/picture.tsx';
import { receiptFacts } from '../base/receipt.ts';
import type { Scene, Shape } from '../base/scene.ts';
import type { Answered } from '../base/useAnswer.ts';
import { useWidth } from '../base/useWidth.ts';
import type { Head } from './headLabels.ts';
import { isSame } from './heads.tsx';
import { PictureFoot } from './pictureFoot.tsx';
import type { ViewProps } from './viewProps.ts';

interface Props extends ViewProps {
  asked: Answered<Prediction>;
}

interface KnownProps extends ViewProps {
  prediction: Prediction;
}

/** What comes after the text, and what becomes of it without the heads that are switched off. */
export function PredictionView(props: Props) {
  const { asked, options, choose, label, content } = props;
  const { answer, problem, isPending, isOlder } = asked;
  const { without } = options;
  return (
    <section>
      <Heading level={2} pending={isPending ? label('reading') : null}>
        {label('prediction')}
      </Heading>
      {without.length === 0 ? (
        <p class="remark">{label('allAreOn')}</p>
      ) : (
        <fieldset>
          <legend>{label('offHeads')}</legend>
          {without.map((head) => (
            <button
              type="button"
              key={`${head.layer} ${head.head}`}
              aria-label={label('switchOn', head.layer, head.head)}
              onClick={() => choose({ without: without.filter((other) => !isSame(other, head)) })}
            >
              {label('head', head.layer, head.head)} ×
            </button>
          ))}
          <button type="button" onClick={() => choose({ without: [] })}>
            {label('allOn')}
          </button>
        </fieldset>
      )}
      {problem && <p class="problem">{problem}</p>}
      <Held
        key={content.reading}
        name={without.length > 0 ? label('after', namesOf(without)) : label('before')}
        label={label}
      >
        {answer && !isOlder && <Compared {...props} prediction={answer} />}
      </Held>
    </section>
  );
}

function Compared(props: KnownProps) {
  const { prediction, label } = props;
  const { before, after, without } = prediction;
  const [box, available] = useWidth<HTMLDivElement>();
  const size = { width: Math.min(barsWidth, available), most: mostOf(prediction) };
  return (
    <>
      {without.length > 0 && <p class="change">{sayChange(props)}</p>}
      <div ref={box} class="compared">
        <Bars {...props} {...size} title={label('before')} candidates={before} />
        {without.length > 0 && (
          <Bars {...props} {...size} title={label('after', namesOf(without))} candidates={after} />
        )}
      </div>
      <PictureFoot {...props} figure={() => figureOf(props)} about={[prediction]} />
    </>
  );
}

interface BarsProps extends KnownProps {
  title: string;
  candidates: Prediction['before'];
  width: number;
  most: number;
}

function Bars(props: BarsProps) {
  const { title, numbers, width, most } = props;
  const bars = barsOf(props);
  return (
    <div>
      <h3>{title}</h3>
      <Picture
        scene={barList(bars, { width, most, signed: false }, props.colours)}
        title={title}
        items={props.candidates.map(
          (token) => `${quoted(tokenName(token))}: ${numbers.percent(token.probability)}`,
        )}
      />
    </div>
  );
}

/** Pixels of a list at most: names and numbers are to be read together. */
const barsWidth = 430;

/** Both lists are drawn on one scale. */
function mostOf({ before, after }: Prediction): number {
  return Math.max(...[...before, ...after].map(({ probability }) => probability));
}

/** The target is set in bold, wherever it stands. */
function barsOf({
  candidates,
  numbers,
  prediction,
}: Pick<Props, 'numbers'> & { prediction: Prediction; candidates: Prediction['before'] }) {
  return candidates.map((token) => ({
    name: visible(tokenName(token)),
    value: token.probability,
    text: numbers.percent(token.probability),
    bold: token.id === prediction.target.id,
  }));
}

function namesOf(heads: readonly Head[]): string {
  return heads.map(({ layer, head }) => `L${layer}H${head}`).join(', ');
}

function sayChange({ prediction, label, numbers }: KnownProps): string {
  const { before, after, isBound } = prediction.target;
  const probability = isBound ? label('below', numbers.percent(after)) : numbers.percent(after);
  const change = numbers.signed(100 * (after - before));
  return label('change', quoted(tokenName(prediction.target)), numbers.percent(before), probability, change);
}

function figureOf(props: KnownProps): Figure {
  const { prediction, label, content } = props;
  const { before, after, without, receipt } = prediction;
  const ids = [...new Set([...before, ...after].map(({ id }) => id))];
  const found = (list: Prediction['before'], id: number) => list.find((candidate) => candidate.id === id);
  return {
    title: `${label('prediction')}: ${withSigns(content.document)}`,
    scene: ({ colours }) => comparedScene({ ...props, colours }),
    table: () => ({
      columns: [label('candidate'), label('probabilityBefore'), label('probabilityAfter')],
      rows: ids.map((id) => [
        visible(tokenName((found(before, id) ?? found(after, id))!)),
        found(before, id)?.probability ?? null,
        found(after, id)?.probability ?? null,
      ]),
    }),
    facts: [
      [label('offHeads'), without.length > 0 ? namesOf(props.prediction.without) : '–'],
      ...(without.length > 0 ? [['Δ', sayChange(props)] as [string, string]] : []),
      ...receiptFacts(receipt, props),
    ],
    json: () => prediction,
  };
}

/** Both lists side by side. */
function comparedScene(props: KnownProps): Scene {
  const { prediction, label, colours } = props;
  const { before, after, without } = prediction;
  const most = mostOf(prediction);
  const sides = [
    { title: label('before'), candidates: before },
    { title: label('after', namesOf(props.prediction.without)), candidates: after },
  ].slice(0, without.length > 0 ? 2 : 1);
  const [top, space] = [26, 24];
  const shapes = sides.flatMap(({ title, candidates }, side): Shape[] => {
    const x = side * (barsWidth + space);
    const { shapes } = barList(
      barsOf({ ...props, candidates }),
      { width: barsWidth, most, signed: false },
      colours,
    );
    const look = { fill: colours.foreground, size: 13, font: colours.font, bold: true };
    return [
      { kind: 'words', x, y: 16, text: title, ...look },
      ...shapes.map((shape) => moved(shape, x, top)),
    ];
  });
  return {
    width: sides.length * (barsWidth + space) - space,
    height: top + 22 * Math.max(before.length, after.length),
    background: colours.background,
    shapes,
  };
}
