import { useMemo, useState } from 'preact/hooks';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import type { PanelSampling, ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import { barList } from '../base/barList.ts';
import { Choice } from '../base/choice.tsx';
import { type Colours, useColours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import { Held } from '../base/held.tsx';
import type { Label } from '../base/page.tsx';
import type { Look } from '../base/paper.ts';
import { Picture } from '../base/picture.tsx';
import { receiptFacts } from '../base/receipt.ts';
import { useAnswer } from '../base/useAnswer.ts';
import { useWidth } from '../base/useWidth.ts';
import { Actions } from './actions.tsx';
import { barItems, barsOf, type Distribution, tableOf } from './bars.ts';
import type { Props, Wording } from './common.ts';
import { listLengths, type Options } from './options.ts';
import { Sliders } from './sliders.tsx';
import { Tools } from './tools.tsx';

interface DistributionProps extends Props {
  at: number | null;
  /** What the position comes after, in quotes. */
  context: string;
  strip: AnswerOf<ProbabilitiesPanel, 'strip'>;
}

/** What the model expects at a position, and what temperature, top-k and top-p leave of it. */
export function DistributionView(props: DistributionProps) {
  const { content, options, choose, channel, label, numbers, at, context } = props;
  const sampling = options.sampling ?? content.sampling;
  const question = { at, ...sampling, top: options.listed };
  const asked = useAnswer(channel, 'distribution', question, content.reading);
  const { problem, isPending, isOlder } = asked;
  const answer = isOlder ? null : asked.answer;
  const heading = context === '' ? label('atStart') : label('after', context);
  return (
    <>
      <Sliders
        sampling={sampling}
        initial={content.sampling}
        onChange={(chosen) => choose({ sampling: chosen })}
        label={label}
        numbers={numbers}
      />
      {content.repetitionPenalty !== 1 && (
        <p class="remark">{label('penalty', numbers.value(content.repetitionPenalty))}</p>
      )}
      {problem && <p class="problem">{problem}</p>}
      {!asked.answer && isPending && <p class="remark">{label('reading')}</p>}
      <Held key={content.reading} name={`${heading}   ${samplingText(sampling, props)}`} label={label}>
        {answer && <Drawn {...props} answer={answer} heading={heading} />}
      </Held>
    </>
  );
}

function Drawn(props: DistributionProps & { answer: Distribution; heading: string }) {
  const { answer, options, choose, channel, label, numbers, at, heading } = props;
  const colours = useColours();
  const [box, width] = useWidth<HTMLDivElement>();
  // The candidate at a place: elsewhere the same token is another question.
  const [pressed, setPressed] = useState<{ id: number; at: number | null } | null>(null);
  const wording = { label, numbers };
  const bars = useMemo(() => barsOf(answer, wording), [answer, label, numbers]);
  const most = Math.max(...bars.map(({ value, other = 0 }) => Math.max(value, other)));
  const draw = (look: Look) =>
    barList(
      bars,
      {
        ...{ width: look.width, most, signed: false, numberWidth: 118 },
        heading: label('chances'),
      },
      look.colours,
    );
  const scene = useMemo(() => draw({ width: Math.max(240, width), colours }), [bars, width, colours]);
  const { candidates, receipt } = answer;
  const candidate = (pressed?.at === at && candidates.find(({ id }) => id === pressed.id)) || null;
  const notes = [
    `■ ${label('barModel', numbers.percent(most))}   ━ ${label('barDrawn')}   ┅ ${label('barCut')}`,
    samplingText(receipt, wording),
  ];
  const figure: Figure = {
    title: heading,
    scene: draw,
    notes,
    table: () => tableOf(answer, wording),
    facts: receiptFacts(receipt, wording, [
      [label('position'), numbers.count(receipt.at)],
      [label('temperature'), numbers.value(receipt.temperature)],
      [label('topK'), numbers.count(receipt.topK)],
      [label('topP'), numbers.value(receipt.topP)],
    ]),
    json: () => answer,
  };
  return (
    <>
      <Summary answer={answer} {...wording} />
      <div class="bar">
        <BarLegend most={numbers.percent(most)} colours={colours} label={label} />
        <Choice
          name={label('listed')}
          options={listLengths.map((length) => ({ id: String(length), name: numbers.count(length) }))}
          chosen={String(options.listed)}
          onChoose={(id) => choose({ listed: Number(id) as Options['listed'] })}
        />
      </div>
      <Actions
        candidate={candidate}
        at={at}
        isTop={candidate?.rank === 1}
        isInside={at !== null && props.strip.tokens[at]?.inside === true}
        isCurrent={props.content.isCurrent}
        {...{ channel, label }}
      />
      <div ref={box} class="wide">
        <Picture
          scene={scene}
          title={label('bars')}
          items={barItems(answer, wording)}
          {...(candidate && { marked: new Set([candidates.indexOf(candidate)]) })}
          onPress={(item) => setPressed(candidates[item] ? { id: candidates[item].id, at } : null)}
        />
      </div>
      <Tools figure={figure} channel={channel} {...wording} />
    </>
  );
}

function samplingText({ temperature, topK, topP }: PanelSampling, { label, numbers }: Wording): string {
  const values = [
    [label('temperature'), numbers.value(temperature)],
    [label('topK'), topK === 0 ? label('allTokens') : numbers.count(topK)],
    [label('topP'), numbers.value(topP)],
  ];
  return values.map(([name, value]) => `${name} ${value}`).join('   ');
}

function Summary({ answer, label, numbers }: { answer: Distribution } & Wording) {
  const { actual, entropy, drawnEntropy, kept, vocabulary } = answer;
  return (
    <>
      {actual && (
        <p class="place">
          {label(
            'stands',
            quoted(tokenName(actual)),
            numbers.count(actual.rank),
            numbers.percent(actual.probability),
          )}
        </p>
      )}
      <p class="place">
        {label('entropies', numbers.bits(entropy), numbers.bits(drawnEntropy))}{' '}
        {label('kept', numbers.count(kept), numbers.count(vocabulary))}
      </p>
    </>
  );
}

function BarLegend({ most, colours, label }: { most: string; colours: Colours; label: Label }) {
  const size = { width: 24, height: 14 };
  return (
    <ul class="legend bands">
      <li>
        <svg {...size} aria-hidden="true">
          <rect {...size} fill={colours.for} />
        </svg>
        {label('barModel', most)}
      </li>
      <li>
        <svg {...size} aria-hidden="true">
          <rect y={5} width={24} height={4} fill={colours.foreground} />
        </svg>
        {label('barDrawn')}
      </li>
      <li>
        <svg {...size} aria-hidden="true">
          <rect
            x={0.5}
            y={0.5}
            width={23}
            height={13}
            fill="none"
            stroke={colours.for}
            stroke-dasharray="3 2"
          />
        </svg>
        {label('barCut')}
      </li>
    </ul>
  );
}
