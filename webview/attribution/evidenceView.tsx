import { useMemo } from 'preact/hooks';
import type { AttributionPanel } from '../../src/protocol/panels/attribution.ts';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import type { Area, Correlation } from '../../src/protocol/results.ts';
import { Answering } from '../base/answering.tsx';
import type { Colours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import { Facts } from '../base/facts.tsx';
import type { Figure } from '../base/figure.ts';
import { moved } from '../base/moved.ts';
import type { Look } from '../base/paper.ts';
import { Picture } from '../base/picture.tsx';
import type { Scene } from '../base/scene.ts';
import { stacked } from '../base/stacked.ts';
import { TableTwin } from '../base/tableTwin.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import { type Curve, curvesLegend, curvesScene } from './curves.ts';
import type { Props } from './options.ts';

interface ViewProps extends Props {
  width: number;
  colours: Colours;
}

type Known = AnswerOf<AttributionPanel, 'evidence'>;
type OfRemoval = Known['removals'][number];

/** How far the explanation can be believed: what its contributions claim, tried on the text, beside chance and the best. */
export function EvidenceView(props: ViewProps) {
  const { content, label, channel } = props;
  const about = content.receipt.map(({ value }) => value).join(' ');
  const question = content.final ? {} : null;
  const { answer, problem, isPending, isOlder } = useAnswer(channel, 'evidence', question, about);
  return (
    <>
      <p class="remark">{label('evidenceNote')}</p>
      <Answering {...{ isPending, problem, about, label }} name={label('evidence')}>
        {answer && !isOlder && answer.removals.length > 0 && <Card {...props} known={answer} />}
      </Answering>
    </>
  );
}

function Card(props: ViewProps & { known: Known }) {
  const { known, content, width, colours, label, numbers, channel } = props;
  const draw = (look: Look) => {
    const all = known.removals.map((one) => curvesOf(one, known.value, look, props));
    return [...all, curvesLegend(lines(known.removals[0]!, label), look.width, look.colours)].reduce(stacked);
  };
  const scene = useMemo(() => draw({ width, colours }), [known, width, colours, label, numbers]);
  const measures = known.removals.map((one) => ({ name: one.name, facts: factsOf(one, props) }));
  const agreements = known.agreements.map(({ name, spearman }) => ({
    ...{ id: name, name },
    value: spearman === null ? '–' : numbers.short(spearman),
  }));
  const table = () => ({
    columns: [label('measure'), ...known.removals.map(({ name }) => name)],
    rows: (measures[0]?.facts ?? []).map(({ name }, at) => [
      name,
      ...measures.map(({ facts }) => facts[at]?.value ?? ''),
    ]),
  });
  const figure: Figure = {
    title: `${content.title} ${label('evidence')}, ${content.method.name}`,
    scene: draw,
    notes: [label('evidenceNote')],
    table,
    facts: [...rankingFacts(known, props), ...agreements, ...content.receipt].map(
      ({ name, value }) => [name, value] as const,
    ),
    json: () => ({ explanation: content, evidence: known }),
  };
  return (
    <>
      <Picture scene={scene} title={label('evidence')} />
      {measures.map(({ name, facts }) => (
        <section key={name} aria-label={name}>
          <h2>{label('removedBy', name)}</h2>
          <Facts facts={facts} />
        </section>
      ))}
      {agreements.length > 0 && (
        <section aria-label={label('agreement')}>
          <h2>{label('agreement')}</h2>
          <Facts facts={agreements} />
        </section>
      )}
      <Ranking {...props} />
      <TableTwin
        table={table}
        title={label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      <ExportBar figure={figure} channel={channel} label={label} />
    </>
  );
}

/** Which of the cheap methods does best on this very text. */
function Ranking({ known, label, numbers }: ViewProps & { known: Known }) {
  if (known.ranking.length === 0) return null;
  const names = known.removals.map(({ name }) => name);
  return (
    <section aria-label={label('ranking')}>
      <h2>{label('ranking')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <div class="scrolled" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th>{label('method')}</th>
              {names.map((name) => (
                <th key={name}>{label('ldsBy', name)}</th>
              ))}
              {names.map((name) => (
                <th key={name}>{label('comprehensivenessBy', name)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {known.ranking.map(({ name, isShown, measures }) => (
              <tr key={name}>
                <th>{isShown ? `${name} (${label('asShown')})` : name}</th>
                {measures.map(({ lds }, at) => (
                  <td key={names[at]}>{withInterval(lds, numbers)}</td>
                ))}
                {measures.map(({ comprehensiveness }, at) => (
                  <td key={names[at]}>{shareText(comprehensiveness, numbers)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="remark">{label('rankingNote')}</p>
    </section>
  );
}

function withInterval({ value, interval }: Correlation, numbers: Props['numbers']): string {
  if (value === null) return '–';
  const between = interval ? ` [${numbers.short(interval.low)}, ${numbers.short(interval.high)}]` : '';
  return `${numbers.short(value)}${between}`;
}

const shareText = (share: number | null, numbers: Props['numbers']) =>
  share === null ? '–' : `${numbers.count(Math.round(100 * share))}%`;

/** For a file. */
function rankingFacts({ ranking, removals }: Known, { label, numbers }: Pick<Props, 'label' | 'numbers'>) {
  return ranking.flatMap(({ name, measures }) =>
    measures.map(({ lds }, at) => ({
      name: `${name}, ${label('ldsBy', removals[at]?.name ?? '')}`,
      value: withInterval(lds, numbers),
    })),
  );
}

const gap = 16;
/** Pixels below which the two curves are one below the other. */
const narrow = 480;

/** Deletion and insertion, on one scale. */
function curvesOf(
  { name, evidence }: OfRemoval,
  value: number,
  { width, colours }: Look,
  { label, numbers }: Pick<Props, 'label' | 'numbers'>,
): Scene {
  const { counts, nothing } = evidence;
  const kinds = ['deletion', 'insertion'] as const;
  const curves = (kind: (typeof kinds)[number]): Curve[] =>
    lines({ name, evidence }, label).map(({ of, ...line }) => ({ ...line, values: of[kind] }));
  const all = [value, nothing, ...kinds.flatMap((kind) => curves(kind).flatMap(({ values }) => values))];
  const half = width < narrow ? width : Math.floor((width - gap) / 2);
  const [deletion, insertion] = kinds.map((kind) =>
    curvesScene(
      curves(kind),
      {
        ...{ width: half, counts, tokens: counts.at(-1) ?? 0, title: label(kind), subtitle: name },
        ...{ start: kind === 'deletion' ? value : nothing, read: (one: number) => numbers.amount(one) },
        range: [Math.min(...all), Math.max(...all)],
      },
      colours,
    ),
  ) as [Scene, Scene];
  return width < narrow ? stacked(deletion, insertion) : beside(deletion, insertion);
}

/** Those that are known. */
function lines({ evidence: { explanation, floor, ceiling } }: OfRemoval, label: Props['label']) {
  return [
    { kind: 'own' as const, name: label('ofExplanation'), of: explanation },
    ...(floor ? [{ kind: 'chance' as const, name: label('ofChance'), of: floor }] : []),
    ...(ceiling ? [{ kind: 'best' as const, name: label('ofBest'), of: ceiling }] : []),
  ];
}

function beside(first: Scene, second: Scene): Scene {
  const x = first.width + gap;
  return {
    ...first,
    width: x + second.width,
    shapes: [...first.shapes, ...second.shapes.map((shape) => moved(shape, x, 0))],
  };
}

function factsOf({ evidence }: OfRemoval, { label, numbers }: Pick<Props, 'label' | 'numbers'>) {
  const { comprehensiveness, sufficiency, lds, leaveOneOut, outOfDistribution } = evidence;
  const share = ({ normalised }: Area) =>
    normalised === null
      ? '–'
      : label('betweenChanceAndBest', `${numbers.count(Math.round(100 * normalised))}%`);
  const correlated = (one: Correlation) => {
    const shown = withInterval(one, numbers);
    return one.value === null || one.chance === null
      ? shown
      : label('byChance', shown, numbers.short(one.chance));
  };
  return [
    { id: 'comprehensiveness', name: label('comprehensiveness'), value: share(comprehensiveness) },
    { id: 'sufficiency', name: label('sufficiency'), value: share(sufficiency) },
    { id: 'lds', name: label('lds'), value: lds ? correlated(lds) : '…' },
    { id: 'leaveOneOut', name: label('leaveOneOut'), value: correlated(leaveOneOut) },
    ...(outOfDistribution
      ? [{ id: 'ood', name: '', value: label('outOfDistribution', numbers.percent(outOfDistribution.share)) }]
      : []),
  ];
}
