import { barList } from '../base/barList.ts';
import { Picture } from '../base/picture.tsx';
import { useWidth } from '../base/useWidth.ts';
import type { MapProps } from './viewProps.ts';
import { nameOf, quotedCell, strongestKeys, tokenOf } from './weights.ts';

/** Keys that are listed at most. */
const listed = 8;
/** Pixels of the bars at most: names and numbers are to be read together. */
const widest = 520;

/** What one query attends to most, as bars with their numbers. */
export function StrongestKeys({ map, scale, query, colours, label, numbers, channel }: MapProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const found = strongestKeys(map, query, scale.least ?? 0, listed);
  const title = label('strongestKeys', quotedCell(map, query));
  const bars = found.map(({ key, weight }) => ({
    name: nameOf(map, tokenOf(map, key)),
    value: weight,
    text: numbers.value(weight),
    colour: 'attention' as const,
  }));
  return (
    <div ref={box}>
      <h3>{title}</h3>
      {found.length === 0 ? (
        <p class="remark">{label('nothingAbove')}</p>
      ) : (
        <Picture
          scene={barList(bars, { width: Math.min(widest, width), most: scale.most, signed: false }, colours)}
          title={title}
          items={bars.map(({ name, text }) => `${name}: ${text}`)}
          onPoint={(item) => channel.point(item === null ? null : tokenOf(map, found[item]!.key))}
        />
      )}
    </div>
  );
}
