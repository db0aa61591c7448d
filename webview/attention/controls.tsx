import { mapViews } from '../../src/protocol/panels/attention.ts';
import type { ViewProps } from './viewProps.ts';

const viewLabels = {
  head: 'viewHead',
  layer: 'viewLayer',
  mean: 'viewMean',
  max: 'viewMax',
  rollout: 'viewRollout',
} as const;

/** Pixels of the slider are finer where weights are small: its place is the threshold's square root. */
const step = 0.01;

/** How the map is made and drawn. @param least the threshold in the map's own numbers; null: there is no map yet */
export function Controls({
  options,
  choose,
  label,
  numbers,
  least,
}: Pick<ViewProps, 'options' | 'choose' | 'label' | 'numbers'> & { least: number | null }) {
  const { view, drawing, gradient, withoutFirst, threshold } = options;
  const isRollout = view === 'rollout';
  const meaning = least === null ? '' : label('thresholdMeans', numbers.value(least));
  return (
    <>
      <div class="bar controls">
        <fieldset>
          <legend>{label('view')}</legend>
          {mapViews.map((name) => (
            <button
              type="button"
              key={name}
              aria-pressed={view === name}
              onClick={() => choose({ view: name })}
            >
              {label(viewLabels[name])}
            </button>
          ))}
        </fieldset>
        <fieldset>
          <legend>{label('drawing')}</legend>
          {(['map', 'arcs'] as const).map((name) => (
            <button
              type="button"
              key={name}
              aria-pressed={drawing === name}
              onClick={() => choose({ drawing: name })}
            >
              {label(name === 'map' ? 'asMap' : 'asArcs')}
            </button>
          ))}
        </fieldset>
      </div>
      <div class="bar controls">
        <label>
          <input
            type="checkbox"
            checked={gradient && !isRollout}
            disabled={isRollout}
            aria-describedby={isRollout ? 'noGradient' : undefined}
            onChange={({ currentTarget }) => choose({ gradient: currentTarget.checked })}
          />
          {label('gradient')}
        </label>
        <label>
          <input
            type="checkbox"
            checked={withoutFirst}
            onChange={({ currentTarget }) => choose({ withoutFirst: currentTarget.checked })}
          />
          {label('withoutFirst')}
        </label>
        <label>
          {label('threshold')}
          <input
            type="range"
            min={0}
            max={1}
            step={step}
            value={threshold}
            aria-valuetext={meaning || undefined}
            onInput={({ currentTarget }) => choose({ threshold: Number(currentTarget.value) })}
          />
          <span class="thresholdText">{meaning}</span>
        </label>
      </div>
      {isRollout && (
        <p class="remark" id="noGradient">
          {label('noGradient')}
        </p>
      )}
    </>
  );
}
