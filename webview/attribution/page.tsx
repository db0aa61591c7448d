/** The explanation panel: which tokens moved the prediction, from f(baseline) to f(x). */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { attributionPanel } from '../../src/protocol/panels/attribution.ts';
import { movementOf } from '../../src/text/level.ts';
import { quoted } from '../../src/text/visible.ts';
import { Choice } from '../base/choice.tsx';
import { useColours } from '../base/colours.ts';
import { Facts } from '../base/facts.tsx';
import { startPage } from '../base/page.tsx';
import { Picture } from '../base/picture.tsx';
import { Tabs } from '../base/tabs.tsx';
import { tokenStrip } from '../base/tokenStrip.ts';
import { useWidth } from '../base/useWidth.ts';
import { Alternatives } from './alternatives.tsx';
import { BarsView } from './barsView.tsx';
import { ChoicesView } from './choicesView.tsx';
import { CompareView } from './compareView.tsx';
import { ComponentsView } from './componentsView.tsx';
import { EvidenceView } from './evidenceView.tsx';
import { LayersView } from './layersView.tsx';
import { Legend } from './legend.tsx';
import { attributionOptions, type ChosenProps, type Props, usualGranularity, viewIds } from './options.ts';
import { RemovalView } from './removalView.tsx';
import { Repeat } from './repeat.tsx';
import { stripOf } from './strip.ts';
import './attribution.css';

function Page(props: ChosenProps) {
  const { content, options } = props;
  const granularity = options.granularity ?? usualGranularity(content);
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  // The lines of another text.
  useEffect(() => setOpened(new Set()), [content.groups.line.length]);
  const toggleLine = (token: number) => {
    const first = content.groups.line.find(({ tokens }) => tokens.includes(token))?.tokens[0];
    if (first === undefined) return;
    setOpened((now) =>
      now.has(first) ? new Set([...now].filter((one) => one !== first)) : new Set([...now, first]),
    );
  };
  return <Explanation {...props} options={{ ...options, granularity }} {...{ opened, toggleLine }} />;
}

function Explanation(props: Props) {
  const { content, label, numbers, options: chosen, choose, channel, pointed } = props;
  const { title, remarks, tokens, value, delta, hasLayers, components, receipt } = content;
  const mayAddUp = delta !== null || value === null;
  const colours = useColours();
  const [root, available] = useWidth<HTMLDivElement>();
  const width = Math.min(960, available);
  const point = (token: number | null) => channel.point(token);
  const strip = useMemo(
    () => tokenStrip(stripOf(content, colours), Math.max(1, width), colours),
    [content, colours, width],
  );
  const isSyntaxWanted = chosen.granularity === 'syntax' && content.groups.syntax === null;
  useEffect(() => {
    if (isSyntaxWanted) channel.order({ kind: 'syntax' });
  }, [isSyntaxWanted, content]);
  const { removing } = content;
  useEffect(() => {
    // Once: the page may be made anew while the host still tells of it.
    if (!removing || removing.asked === chosen.asked) return;
    const { token: removed, asked } = removing;
    // Drawn from within an effect, the page would run the effect again before it counts as done.
    queueMicrotask(() => choose({ view: 'removal', removed, asked }));
  }, [removing?.asked]);
  // What is pointed at changes often, the names of a thousand tokens seldom.
  const names = useMemo(() => {
    const movement = movementOf(tokens);
    const share = (score: number) => numbers.percent(movement > 0 ? Math.abs(score) / movement : 0);
    return tokens.map(({ text, score }) =>
      label('pressTarget', quoted(text), numbers.signed(score), share(score)),
    );
  }, [content, label, numbers]);
  const views = viewIds
    .filter((id) => {
      if (id === 'waterfall') return mayAddUp;
      if (id === 'layers') return hasLayers;
      return id === 'components' ? components !== null : true;
    })
    .map((id) => ({ id, name: label(id) }));
  const view = views.some(({ id }) => id === chosen.view) ? chosen.view : 'bars';
  const granularities = [
    { id: 'token', name: label('tokens') },
    { id: 'word', name: label('words') },
    { id: 'line', name: label('lines') },
    { id: 'syntax', name: label('syntax') },
  ] as const;
  return (
    <div ref={root}>
      <h1 aria-live="polite">{title}</h1>
      {remarks.map((remark) => (
        <p class="remark" key={remark}>
          {remark}
        </p>
      ))}
      {width > 0 && (
        <Picture
          scene={strip}
          title={label('strip')}
          items={names}
          marked={new Set(pointed === null ? [] : [pointed])}
          onPoint={point}
          onPress={(token) => channel.order({ kind: 'target', token })}
        />
      )}
      <Legend {...props} />
      <Alternatives {...props} />
      <div class="bar">
        <Choice
          name={label('method')}
          options={[content.method, ...content.otherMethods]}
          chosen={content.method.id}
          onChoose={(method) => channel.order({ kind: 'method', method })}
        />
        <Choice
          name={label('objective')}
          options={content.objectives}
          chosen={content.objectiveId}
          onChoose={(objective) => channel.order({ kind: 'objective', objective })}
        />
      </div>
      <div class="bar">
        <Choice
          name={label('granularity')}
          options={granularities}
          chosen={chosen.granularity}
          onChoose={(granularity) => choose({ granularity })}
        />
        <Choice
          name={label('order')}
          options={[
            { id: 'reading', name: label('readingOrder') },
            { id: 'strength', name: label('byStrength') },
          ]}
          chosen={chosen.order}
          onChoose={(order) => choose({ order })}
        />
      </div>
      <Tabs title={label('view')} tabs={views} selected={view} onSelect={(id) => choose({ view: id })}>
        {width > 0 &&
          (view === 'compare' ? (
            <CompareView {...props} width={width} colours={colours} />
          ) : view === 'removal' ? (
            <RemovalView {...props} width={width} colours={colours} />
          ) : view === 'choices' ? (
            <ChoicesView {...props} colours={colours} />
          ) : view === 'evidence' ? (
            <EvidenceView {...props} width={width} colours={colours} />
          ) : view === 'layers' ? (
            <LayersView {...props} colours={colours} />
          ) : view === 'components' && components ? (
            <ComponentsView {...props} components={components} colours={colours} />
          ) : (
            <BarsView {...props} isWaterfall={view === 'waterfall'} width={width} colours={colours} />
          ))}
      </Tabs>
      <Facts facts={content.totals} />
      <details>
        <summary>{label('receipt')}</summary>
        <Facts facts={receipt} />
      </details>
      <Repeat {...props} />
    </div>
  );
}

startPage(attributionPanel, attributionOptions, Page);
