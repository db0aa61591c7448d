import { useMemo, useRef, useState } from 'preact/hooks';
import { hasMoved } from './hasMoved.ts';
import { arcPath, type Scene, type Shape } from './scene.ts';

interface Props {
  scene: Scene;
  /** What it is a picture of. */
  title: string;
  /** What each item is, in words, by its number; pictures without items are one image. */
  items?: readonly string[];
  /** The items that are marked, by the pointer in the editor say. */
  marked?: ReadonlySet<number>;
  onPoint?: (item: number | null) => void;
  onPress?: (item: number) => void;
}

/** A scene on the page. Its items are in the tab order as one: the arrow keys, Home and End move through them. */
export function Picture({ scene, title, items = [], marked, onPoint, onPress }: Props) {
  const root = useRef<SVGSVGElement>(null);
  const [focused, setFocused] = useState(0);
  /** What the pointer was moved to, until a key is pressed. */
  const pointed = useRef<number | null>(null);
  const { width, height, shapes } = scene;
  const tabStop = Math.min(focused, items.length - 1);
  // What is pointed at changes often, the picture seldom.
  const boxes = useMemo(() => itemBoxes(shapes), [shapes]);
  const still = useMemo(() => shapes.map(drawn), [shapes]);

  function move(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const steps: Record<string, number> = {
      ArrowRight: tabStop + 1,
      ArrowDown: tabStop + 1,
      ArrowLeft: tabStop - 1,
      ArrowUp: tabStop - 1,
      Home: 0,
      End: items.length - 1,
    };
    if (onPress && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      onPress(tabStop);
      return;
    }
    const next = steps[event.key];
    const item = next === undefined ? null : root.current?.querySelector<SVGElement>(`[data-item="${next}"]`);
    if (!item) return;
    event.preventDefault();
    pointed.current = null;
    item.focus({ preventScroll: true });
    // Chromium scrolls to a part of an SVG by the layout of the frame before: without this it stays one item behind.
    requestAnimationFrame(() => item.scrollIntoView({ block: 'nearest', inline: 'nearest' }));
  }

  function hover(event: MouseEvent, item: number): void {
    if (!hasMoved(event) || pointed.current === item) return;
    pointed.current = item;
    onPoint?.(item);
  }

  function leave(): void {
    if (pointed.current !== null) onPoint?.(null);
    pointed.current = null;
  }

  return (
    <svg
      ref={root}
      class="picture"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role={items.length > 0 ? 'group' : 'img'}
      aria-label={title}
      onKeyDown={items.length > 0 ? move : undefined}
      onMouseLeave={leave}
    >
      {still}
      {items.map((name, item) => {
        const box = boxes.get(item);
        if (!box) return null;
        const handlers = {
          onFocus: () => {
            setFocused(item);
            onPoint?.(item);
          },
          onBlur: () => onPoint?.(null),
          onMouseMove: (event: MouseEvent) => hover(event, item),
          onClick: () => onPress?.(item),
        };
        return (
          <rect
            key={`item ${item}`}
            class={marked?.has(item) ? 'item marked' : 'item'}
            {...box}
            data-item={item}
            role={onPress ? 'button' : 'img'}
            aria-label={name}
            tabindex={item === tabStop ? 0 : -1}
            {...handlers}
          >
            <title>{name}</title>
          </rect>
        );
      })}
    </svg>
  );
}

function drawn(shape: Shape, key: number) {
  const dashes = 'dashed' in shape && shape.dashed ? { 'stroke-dasharray': '3 2' } : {};
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height, fill, stroke } = shape;
      return <rect key={key} {...{ x, y, width, height, fill, stroke }} {...dashes} />;
    }
    case 'line': {
      const [x1, y1] = shape.from;
      const [x2, y2] = shape.to;
      return (
        <line
          key={key}
          {...{ x1, y1, x2, y2 }}
          stroke={shape.stroke}
          stroke-width={shape.width}
          {...dashes}
        />
      );
    }
    case 'arc':
      return (
        <path key={key} d={arcPath(shape)} fill="none" stroke={shape.stroke} stroke-width={shape.width} />
      );
    case 'words':
      return (
        <text
          key={key}
          x={shape.x}
          y={shape.y}
          fill={shape.fill}
          font-size={shape.size}
          font-family={shape.font}
          font-weight={shape.bold ? 600 : 400}
          text-anchor={shape.anchor ?? 'start'}
          transform={shape.turned ? `rotate(${shape.turned} ${shape.x} ${shape.y})` : undefined}
        >
          {shape.text}
        </text>
      );
    case 'bitmap':
      return null;
  }
}

/** The rectangle around all shapes of each item. */
function itemBoxes(
  shapes: readonly Shape[],
): Map<number, { x: number; y: number; width: number; height: number }> {
  const boxes = new Map<number, { x: number; y: number; width: number; height: number }>();
  for (const shape of shapes) {
    if (shape.kind !== 'rect' || shape.item === undefined) continue;
    const { x, y, width, height } = shape;
    const box = boxes.get(shape.item);
    if (!box) {
      boxes.set(shape.item, { x, y, width, height });
      continue;
    }
    const [left, top] = [Math.min(box.x, x), Math.min(box.y, y)];
    const [right, bottom] = [
      Math.max(box.x + box.width, x + width),
      Math.max(box.y + box.height, y + height),
    ];
    boxes.set(shape.item, { x: left, y: top, width: right - left, height: bottom - top });
  }
  return boxes;
}
