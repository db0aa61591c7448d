import { useMemo, useState } from 'preact/hooks';
import type { Patterns, Prediction, ShownMap } from '../../src/protocol/panels/attention.ts';
import { quoted } from '../../src/text/visible.ts';
import type { Scale } from '../base/palette.ts';
import { ArcsView } from './arcsView.tsx';
import { Controls } from './controls.tsx';
import { HeadSwitch } from './headSwitch.tsx';
import { sayHead } from './heads.tsx';
import { MapView } from './mapView.tsx';
import { StrongestKeys } from './strongestKeys.tsx';
import type { ViewProps } from './viewProps.ts';
import { cellOf } from './weights.ts';

interface Props extends ViewProps {
  /** Null: not read yet. */
  map: ShownMap | null;
  problem: string | null;
  isPending: boolean;
  patterns: Patterns | null;
  prediction: Prediction | null;
}

/** What the views of an opened map share. */
export interface MapProps extends ViewProps {
  map: ShownMap;
  scale: Scale;
  /** What the numbers are: weights, or their products with gradients. */
  unit: string;
  title: string;
  /** The cell of the query whose keys are listed. */
  query: number;
  /** A token of the map is pointed at, by its cell; null: none is any more. */
  onQuery: (query: number | null) => void;
}

/** One map: how it is made, what it shows, and its head on or off. */
export function Opened(props: Props) {
  const { map, problem, isPending, patterns, prediction, options, pointed, label, choose } = props;
  const [hovered, setHovered] = useState<number | null>(null);
  const least = options.threshold ** 2 * (map?.most ?? 0);
  const most = map?.most ?? 0;
  const scale = useMemo((): Scale => ({ kind: 'sequential', most, least }), [most, least]);
  const last = (map?.size ?? 1) - 1;
  const wanted = pointed ?? options.query;
  const kept = map && wanted !== null && wanted < map.tokens.length ? cellOf(map, wanted) : last;
  const query = Math.min(last, hovered ?? kept);
  const isProduct = options.gradient && options.view !== 'rollout';
  const [target, foil] = prediction?.before ?? [];
  return (
    <section>
      <h2>
        {titleOf(props)}
        {isPending && <span class="pending">{label('reading')}</span>}
      </h2>
      {options.view === 'head' && (
        <div class="bar">
          <span>{patterns && sayHead(options, props)}</span>
          <HeadSwitch {...props} />
        </div>
      )}
      <Controls {...props} least={least} />
      {isProduct && target && foil && (
        <p class="remark">{label('gradientMeans', quoted(target.text), quoted(foil.text))}</p>
      )}
      {options.withoutFirst && <p class="remark">{label(isProduct ? 'sinkOfProducts' : 'sink')}</p>}
      {problem && <p class="problem">{problem}</p>}
      {map && (
        <MapViews
          {...props}
          {...{ map, scale, query, title: titleOf(props), onQuery: setHovered }}
          unit={label(isProduct ? 'product' : 'weight')}
          choose={choose}
        />
      )}
    </section>
  );
}

function MapViews(props: MapProps) {
  const { options } = props;
  return (
    <>
      {options.drawing === 'map' ? <MapView {...props} /> : <ArcsView {...props} />}
      <StrongestKeys {...props} />
    </>
  );
}

function titleOf({ options: { view, layer, head }, label }: Pick<Props, 'options' | 'label'>): string {
  if (view === 'head') return label('titleHead', layer, head);
  if (view === 'layer') return label('titleLayer', layer);
  return label(view === 'mean' ? 'titleMean' : view === 'max' ? 'titleMax' : 'titleRollout');
}
