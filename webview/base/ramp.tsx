import type { Colours } from './colours.ts';
import { cssColour, type Scale } from './palette.ts';

interface Props {
  scale: Scale;
  colours: Colours;
  /** What the colours mean. */
  title: string;
  /** A number as it is read. */
  read: (value: number) => string;
}

const steps = 32;
const [width, height] = [160, 12];

/** The legend of a map: its colours with their numbers. */
export function Ramp({ scale, colours, title, read }: Props) {
  const isDiverging = scale.kind === 'diverging';
  const least = isDiverging ? -scale.most : 0;
  const values = Array.from(
    { length: steps },
    (_, step) => least + ((scale.most - least) * step) / (steps - 1),
  );
  return (
    <p class="legend scale">
      <span>{title}</span>
      <span>{read(least)}</span>
      <svg
        class="ramp"
        viewBox={`0 0 ${width} ${height}`}
        height={height}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {values.map((value, step) => (
          <rect
            key={step}
            x={(step * width) / steps}
            width={width / steps + 0.5}
            height={height}
            fill={cssColour(value, scale, colours)}
          />
        ))}
      </svg>
      <span>{read(scale.most)}</span>
    </p>
  );
}
