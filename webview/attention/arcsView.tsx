import { useEffect, useMemo, useRef } from 'preact/hooks';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted, withSigns } from '../../src/text/visible.ts';
import type { Colours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import { Picture } from '../base/picture.tsx';
import type { Scene } from '../base/scene.ts';
import { arcsScene } from './arcs.ts';
import { PictureFoot } from './pictureFoot.tsx';
import { mapFacts } from './receipt.ts';
import type { MapProps } from './viewProps.ts';
import { nameOf, strongestKeys, tokenOf } from './weights.ts';

/** The most arcs that are drawn: more of them cannot be told apart. */
const drawn = 12;

/** The text as a line, with arcs from the token that is pointed at or was pressed. */
export function ArcsView(props: MapProps) {
  const { map, scale, query, sought, onQuery, colours, label, numbers, choose, channel } = props;
  const box = useRef<HTMLDivElement>(null);
  const cells = useMemo(() => Array.from({ length: map.size }, (_, cell) => tokenOf(map, cell)), [map]);
  const texts = useMemo(() => cells.map((token) => tokenName(map.tokens[token]!)), [cells, map]);
  const names = useMemo(() => cells.map((token) => `${token}: ${nameOf(map, token)}`), [cells, map]);
  const keys = useMemo(() => strongestKeys(map, query, scale.least ?? 0, drawn), [map, query, scale]);
  const draw = (look: Colours) => {
    const read = (weight: number) => numbers.value(Math.round(weight * 1000) / 1000);
    return arcsScene({ texts, query, keys, most: scale.most, read }, look);
  };
  const scene = useMemo(() => draw(colours), [texts, query, keys, scale, colours]);
  // Scrolls to what is chosen elsewhere, and at first to the earlier choice; never because the pointer left.
  useEffect(() => centre(box.current, query), []);
  useEffect(() => centre(box.current, sought), [sought]);
  const title = label('arcsTitle', quoted(texts[query] ?? ''));
  return (
    <>
      <div ref={box} class="scrolled arcs">
        <Picture
          {...{ scene, title, items: names, marked: new Set([query]) }}
          onPoint={(item) => {
            onQuery(item);
            channel.point(item === null ? null : tokenOf(map, item));
          }}
          onPress={(item) => choose({ query: tokenOf(map, item) })}
        />
      </div>
      <p class="remark">{label('arcsAxes')}</p>
      <PictureFoot {...props} figure={() => arcsFigure(props, draw, keys, title)} about={[scene]} />
    </>
  );
}

/** Scrolls the box, and not the page around it. */
function centre(box: HTMLElement | null, item: number | null): void {
  const drawn = item === null ? null : box?.querySelector<SVGRectElement>(`[data-item="${item}"]`);
  if (!box || !drawn) return;
  const { x, width } = drawn.getBBox();
  box.scrollLeft = x + width / 2 - box.clientWidth / 2;
}

function arcsFigure(
  props: MapProps,
  draw: (look: Colours) => Scene,
  keys: ReturnType<typeof strongestKeys>,
  title: string,
): Figure {
  const { map, unit, label, content, query, options } = props;
  return {
    title: `${props.title}: ${title} (${withSigns(content.document)})`,
    scene: (look) => draw(look.colours),
    notes: [unit],
    table: () => ({
      columns: ['#', label('key'), unit],
      rows: keys.map(({ key, weight }) => [tokenOf(map, key), nameOf(map, tokenOf(map, key)), weight]),
    }),
    facts: [...mapFacts(map, props), [label('view'), props.title]],
    json: () => {
      const { view, layer, head, withoutFirst, gradient } = options;
      const row = map.weights.slice(query * map.size, (query + 1) * map.size);
      const asked = { view, layer, head, withoutFirst, gradient };
      return { asked, receipt: map.receipt, tokens: map.tokens, query, weights: row };
    },
  };
}
