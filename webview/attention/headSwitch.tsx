import { isSame } from './heads.tsx';
import type { ViewProps } from './viewProps.ts';

/** Switches the opened head off and on. */
export function HeadSwitch({ options, choose, label }: Pick<ViewProps, 'options' | 'choose' | 'label'>) {
  const { layer, head, without } = options;
  const isOn = !without.some((other) => isSame(other, options));
  const toggle = () => {
    const others = without.filter((other) => !isSame(other, options));
    choose({ without: isOn ? [...others, { layer, head }] : others });
  };
  return (
    <button type="button" class="headSwitch" role="switch" aria-checked={isOn} onClick={toggle}>
      <span class="knob" aria-hidden="true" />
      {label(isOn ? 'headIs' : 'headIsOff')}
    </button>
  );
}
