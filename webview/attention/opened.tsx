import { useMemo, useState } from 'preact/hooks';
import type { AttentionMap, HeadPatterns } from '../../src/protocol/results.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import { Heading } from '../base/heading.tsx';
import { Held } from '../base/held.tsx';
import type { Scale } from '../base/palette.ts';
import type { Answered } from '../base/useAnswer.ts';
import { ArcsView } from './arcsView.tsx';
import { Controls } from './controls.tsx';
import { HeadSwitch } from './headSwitch.tsx';
import { sayHead } from './heads.tsx';
import { MapView } from './mapView.tsx';
import { StrongestKeys } from './strongestKeys.tsx';
import type { MapProps, ViewProps } from './viewProps.ts';
import { cellOf } from './weights.ts';

interface Props extends ViewProps {
  map: Answered<AttentionMap>;
  patterns: HeadPatterns | null;
}

/** One map: how it is made, what it shows, and its head on or off. */
export function Opened(props: Props) {
  const { patterns, options, label, content } = props;
  const { answer, problem, isPending, isOlder } = props.map;
  const map = isOlder ? null : answer;
  const least = map && options.threshold ** 2 * map.most;
  const isProduct = options.gradient && options.view !== 'rollout';
  const contrast = map?.contrast ?? null;
  const title = titleOf(props);
  const how = [
    ...(isProduct ? [label('gradient')] : []),
    ...(options.withoutFirst ? [label('withoutFirst')] : []),
  ];
  return (
    <section>
      <Heading level={2} pending={isPending ? label('reading') : null}>
        {title}
      </Heading>
      {options.view === 'head' && (
        <div class="bar">
          <span>{patterns && sayHead(options, props)}</span>
          <HeadSwitch {...props} />
        </div>
      )}
      <Controls {...props} least={least} />
      {isProduct && contrast && <p class="remark">{gradientText(contrast, label)}</p>}
      {options.withoutFirst && <p class="remark">{label(isProduct ? 'sinkOfProducts' : 'sink')}</p>}
      {problem && <p class="problem">{problem}</p>}
      <Held key={content.reading} name={[title, ...how].join(' · ')} label={label}>
        {map && (
          <MapViews
            {...props}
            {...{ map, title, least: least ?? 0, unit: label(isProduct ? 'product' : 'weight') }}
          />
        )}
      </Held>
    </section>
  );
}

function gradientText(
  { target, foil }: NonNullable<AttentionMap['contrast']>,
  label: Props['label'],
): string {
  const name = quoted(tokenName(target));
  return foil ? label('gradientMeans', name, quoted(tokenName(foil))) : label('gradientOfTarget', name);
}

/** The map or its arcs, and the keys of the query that is pointed at or was pressed. */
function MapViews(props: Omit<MapProps, 'scale' | 'query' | 'sought' | 'onQuery'> & { least: number }) {
  const { map, least, options, pointed } = props;
  const [hovered, setHovered] = useState<number | null>(null);
  const scale = useMemo((): Scale => ({ kind: 'sequential', most: map.most, least }), [map.most, least]);
  const last = map.size - 1;
  const cell = (token: number | null) =>
    token !== null && token < map.tokens.length ? Math.min(last, cellOf(map, token)) : null;
  const sought = cell(pointed);
  const query = Math.min(last, hovered ?? sought ?? cell(options.query) ?? last);
  const shared = { ...props, scale, query, sought, onQuery: setHovered };
  return (
    <>
      {options.drawing === 'map' ? <MapView {...shared} /> : <ArcsView {...shared} />}
      <StrongestKeys {...shared} />
    </>
  );
}

function titleOf({ options: { view, layer, head }, label }: Pick<Props, 'options' | 'label'>): string {
  if (view === 'head') return label('titleHead', layer, head);
  if (view === 'layer') return label('titleLayer', layer);
  return label(view === 'mean' ? 'titleMean' : view === 'max' ? 'titleMax' : 'titleRollout');
}
