import type { Prediction } from '../../src/protocol/panels/attention.ts';
import { quoted, visible, withSigns } from '../../src/text/visible.ts';
import { barList } from '../base/barList.ts';
import type { Figure } from '../base/figure.ts';
import { moved } from '../base/moved.ts';
import { Picture } from '../base/picture.tsx';
import type { Scene, Shape } from '../base/scene.ts';
import { isSame } from './heads.tsx';
import { PictureFoot } from './pictureFoot.tsx';
import { receiptFacts } from './receipt.ts';
import type { ViewProps } from './viewProps.ts';

interface Props extends ViewProps {
  /** Null: not known yet. */
  prediction: Prediction | null;
  problem: string | null;
  isPending: boolean;
}

/** What comes after the text, and what becomes of it without the heads that are switched off. */
export function PredictionView(props: Props) {
  const { prediction, problem, isPending, options, choose, label } = props;
  const { without } = options;
  return (
    <section>
      <h2>
        {label('prediction')}
        {isPending && <span class="pending">{label('reading')}</span>}
      </h2>
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
      {prediction && <Compared {...props} prediction={prediction} />}
    </section>
  );
}

function Compared(props: Props & { prediction: Prediction }) {
  const { prediction, label } = props;
  const { before, after, without } = prediction;
  const most = Math.max(...[...before, ...after].map(({ probability }) => probability));
  return (
    <>
      {without.length > 0 && <p class="change">{sayChange(props)}</p>}
      <div class="compared">
        <Bars {...props} title={label('before')} candidates={before} most={most} />
        {without.length > 0 && (
          <Bars {...props} title={label('after', namesOf(props))} candidates={after} most={most} />
        )}
      </div>
      <PictureFoot {...props} figure={() => figureOf(props)} about={[prediction]} />
    </>
  );
}

function Bars(
  props: Props & { prediction: Prediction; title: string; candidates: Prediction['before']; most: number },
) {
  const { title, numbers } = props;
  const bars = barsOf(props);
  return (
    <div>
      <h3>{title}</h3>
      <Picture
        scene={barList(bars, { width: barsWidth, most: props.most, signed: false }, props.colours)}
        title={title}
        items={props.candidates.map(
          ({ text, probability }) => `${quoted(text)}: ${numbers.percent(probability)}`,
        )}
      />
    </div>
  );
}

const barsWidth = 430;

/** The target is set in bold, wherever it stands. */
function barsOf({
  candidates,
  numbers,
  prediction,
}: Pick<Props, 'numbers'> & { prediction: Prediction; candidates: Prediction['before'] }) {
  return candidates.map(({ id, text, probability }) => ({
    name: visible(text),
    value: probability,
    text: numbers.percent(probability),
    bold: id === prediction.target.id,
  }));
}

function namesOf({ prediction }: { prediction: Prediction }): string {
  return prediction.without.map(({ layer, head }) => `L${layer}H${head}`).join(', ');
}

function sayChange({ prediction, label, numbers }: Props & { prediction: Prediction }): string {
  const { text, before, after, isBound } = prediction.target;
  const probability = isBound ? label('below', numbers.percent(after)) : numbers.percent(after);
  const change = numbers.signed(100 * (after - before));
  return label('change', quoted(text), numbers.percent(before), probability, change);
}

function figureOf(props: Props & { prediction: Prediction }): Figure {
  const { prediction, label, content } = props;
  const { before, after, without, receipt } = prediction;
  const ids = [...new Set([...before, ...after].map(({ id }) => id))];
  const found = (list: Prediction['before'], id: number) => list.find((candidate) => candidate.id === id);
  return {
    title: `${label('prediction')}: ${withSigns(content.document)}`,
    scene: () => comparedScene(props),
    table: () => ({
      columns: [label('candidate'), label('probabilityBefore'), label('probabilityAfter')],
      rows: ids.map((id) => [
        visible((found(before, id) ?? found(after, id))!.text),
        found(before, id)?.probability ?? null,
        found(after, id)?.probability ?? null,
      ]),
    }),
    facts: [
      [label('offHeads'), without.length > 0 ? namesOf(props) : '–'],
      ...(without.length > 0 ? [['Δ', sayChange(props)] as [string, string]] : []),
      ...receiptFacts(receipt, 0, props).filter(([name]) => name !== label('readTokens')),
    ],
    json: () => prediction,
  };
}

/** Both lists side by side. */
function comparedScene(props: Props & { prediction: Prediction }): Scene {
  const { prediction, label, colours } = props;
  const { before, after, without } = prediction;
  const most = Math.max(...[...before, ...after].map(({ probability }) => probability));
  const sides = [
    { title: label('before'), candidates: before },
    { title: label('after', namesOf(props)), candidates: after },
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
