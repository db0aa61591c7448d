import type { PanelSampling } from '../../src/protocol/panels/probabilities.ts';
import type { Wording } from './common.ts';

interface Props extends Wording {
  sampling: PanelSampling;
  /** As the settings have it. */
  initial: PanelSampling;
  /** Null: as the settings have it. */
  onChange: (sampling: PanelSampling | null) => void;
}

/** Temperature, top-k and top-p. A setting beyond a slider's usual end moves that end. */
export function Sliders({ sampling, initial, onChange, label, numbers }: Props) {
  const { temperature, topK, topP } = sampling;
  const isInitial = temperature === initial.temperature && topK === initial.topK && topP === initial.topP;
  const slider = (name: keyof PanelSampling, most: number, step: number, text: string) => (
    <label key={name}>
      {label(name)}
      <input
        type="range"
        name={name}
        min={0}
        max={Math.max(most, initial[name])}
        step={step}
        value={sampling[name]}
        aria-valuetext={text}
        onInput={({ currentTarget }) => onChange({ ...sampling, [name]: currentTarget.valueAsNumber })}
      />
      <output>{text}</output>
    </label>
  );
  return (
    <fieldset class="sliders">
      {slider('temperature', 2, 0.05, numbers.value(temperature))}
      {slider('topK', 200, 1, topK === 0 ? label('allTokens') : numbers.count(topK))}
      {slider('topP', 1, 0.01, numbers.value(topP))}
      <button type="button" disabled={isInitial} onClick={() => onChange(null)}>
        {label('reset')}
      </button>
    </fieldset>
  );
}
