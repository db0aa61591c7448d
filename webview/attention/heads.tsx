import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AttentionThumbnails, HeadPatterns } from '../../src/protocol/results.ts';
import { withSigns } from '../../src/text/visible.ts';
import { sized } from '../base/canvas.ts';
import type { Colours } from '../base/colours.ts';
import type { Figure } from '../base/figure.ts';
import { hasMoved } from '../base/hasMoved.ts';
import { Ramp } from '../base/ramp.tsx';
import { paint } from '../base/scene.ts';
import { useWidth } from '../base/useWidth.ts';
import { type Head, kinds, labelledFrom, letterOf, letters, scoresOf } from './headLabels.ts';
import { type Grid, gridFor, headAt, headBitmaps, headsScene, placeOf } from './headsScene.ts';
import { PictureFoot } from './pictureFoot.tsx';
import { mapFacts, measuredFacts } from './receipt.ts';
import type { ViewProps } from './viewProps.ts';

interface Props extends ViewProps {
  thumbnails: AttentionThumbnails;
  /** Null: not measured yet. */
  patterns: HeadPatterns | null;
}

/** All heads at a glance; one is opened by pressing it. */
export function Heads(props: Props) {
  const { thumbnails, patterns, colours, label, numbers, options, choose } = props;
  const { layers, heads } = thumbnails;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [box, width] = useWidth<HTMLDivElement>();
  const [at, setAt] = useState<Head | null>(null);
  /** Whether the pointer was moved to it, and no key pressed since. */
  const isPointed = useRef(false);
  const grid = gridFor(layers, heads, width);
  const bitmaps = useMemo(() => headBitmaps(thumbnails, colours), [thumbnails, colours]);
  const all = useMemo(() => headsOf(thumbnails), [thumbnails]);
  const draw = (drawn: Grid, maps: typeof bitmaps, look: Colours) => {
    const isOff = (head: Head) => options.without.some((other) => isSame(head, other));
    return headsScene(
      { grid: drawn, bitmaps: maps, letters: all.map((head) => letterOf(patterns, head)), isOff },
      look,
    );
  };
  const scene = useMemo(
    () => draw(grid, bitmaps, colours),
    [grid.side, bitmaps, all, patterns, colours, options.without],
  );
  const opened = options.view === 'head' ? options : null;
  useLayoutEffect(() => {
    if (!canvas.current) return;
    const context = sized(canvas.current, scene.width, scene.height);
    paint(context, scene);
    if (opened) frame(context, grid, opened, { stroke: colours.focus, width: 3 });
    if (at) frame(context, grid, at, { stroke: colours.foreground, width: 2 });
  }, [scene, at, opened?.layer, opened?.head, width, colours]);

  const open = (head: Head) => choose({ view: 'head', layer: head.layer, head: head.head });

  function move(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const from = at ?? opened ?? { layer: 0, head: 0 };
    const moves: Record<string, Head> = {
      ArrowUp: { layer: from.layer - 1, head: from.head },
      ArrowDown: { layer: from.layer + 1, head: from.head },
      ArrowLeft: { layer: from.layer, head: from.head - 1 },
      ArrowRight: { layer: from.layer, head: from.head + 1 },
      Home: { layer: from.layer, head: 0 },
      End: { layer: from.layer, head: heads - 1 },
    };
    const next = moves[event.key];
    if (next) {
      isPointed.current = false;
      setAt({
        layer: Math.min(layers - 1, Math.max(0, next.layer)),
        head: Math.min(heads - 1, Math.max(0, next.head)),
      });
    } else if ((event.key === 'Enter' || event.key === ' ') && at) open(at);
    else return;
    event.preventDefault();
  }

  const under = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return headAt(grid, clientX - left, clientY - top);
  };
  const hover = (event: MouseEvent) => {
    if (!hasMoved(event)) return;
    isPointed.current = true;
    const head = under(event);
    if (!(head && at && isSame(head, at))) setAt(head);
  };
  const press = (event: MouseEvent) => {
    const head = under(event);
    if (head) open(head);
  };
  const widget = {
    role: 'application',
    tabIndex: 0,
    'aria-label': `${label('allHeads')}. ${label('gridHelp')}`,
  };
  const handlers = {
    onKeyDown: move,
    onFocus: () =>
      setAt((now) => now ?? { layer: clamp(options.layer, layers), head: clamp(options.head, heads) }),
    onBlur: () => setAt(null),
    onMouseMove: hover,
    onMouseLeave: () => {
      if (isPointed.current) setAt(null);
    },
    onClick: press,
  };
  const said = at && sayHead(at, props);
  return (
    <section>
      <h2>{label('allHeads')}</h2>
      <p class="remark">{label('gridAxes')}</p>
      <div ref={box} class="scrolled heads" {...(widget as object)} {...handlers}>
        <canvas ref={canvas} />
      </div>
      <div class="said">
        {/* As long as any of them: what is below must not move from under the pointer that is about to press it. */}
        <span class="room" aria-hidden="true">
          {sayHead({ layer: layers - 1, head: heads - 1 }, props)}
        </span>
        <output aria-live="polite">{said ?? ''}</output>
      </div>
      <Ramp
        scale={{ kind: 'sequential', most: 1 }}
        {...{ colours, title: label('weightColour'), read: (value) => numbers.value(value) }}
      />
      <Labels {...props} />
      <PictureFoot
        figure={() =>
          headsFigure(
            (look) =>
              draw(gridFor(layers, heads, look.width), headBitmaps(thumbnails, look.colours), look.colours),
            props,
          )
        }
        {...props}
        about={[scene, patterns]}
      />
    </section>
  );
}

function Labels({ patterns, label, numbers }: Props) {
  if (!patterns) return <p class="remark">{label('measuring')}</p>;
  return (
    <p class="legend remark">
      <span>{label('labelled', numbers.value(labelledFrom))}</span>
      {kinds.map((kind) => (
        <span key={kind}>
          <b>{letters[kind]}</b> {label(kind)}
        </span>
      ))}
    </p>
  );
}

/** "Layer 5, head 1: induction 0.91, previous token 0.03 …" */
export function sayHead(
  head: Head,
  { patterns, label, numbers, options }: Pick<Props, 'patterns' | 'label' | 'numbers' | 'options'>,
): string {
  const name = label('head', head.layer, head.head);
  const scores = patterns
    ? scoresOf(patterns, head).map(({ kind, score }) => `${label(kind)} ${numbers.value(round(score))}`)
    : [];
  const isOff = options.without.some((other) => isSame(head, other));
  const facts = [...(isOff ? [label('isOff')] : []), ...scores];
  return facts.length > 0 ? `${name}: ${facts.join(', ')}` : name;
}

/** Measured on a few hundred random tokens: two decimals are certain. */
const round = (score: number) => Math.round(score * 100) / 100;

export const isSame = (one: Head, other: Head) => one.layer === other.layer && one.head === other.head;

const clamp = (index: number, count: number) => Math.min(index, count - 1);

function headsOf({ layers, heads }: AttentionThumbnails): Head[] {
  return Array.from({ length: layers * heads }, (_, at) => ({
    layer: Math.floor(at / heads),
    head: at % heads,
  }));
}

function frame(
  context: CanvasRenderingContext2D,
  grid: Grid,
  head: Head,
  { stroke, width }: { stroke: string; width: number },
): void {
  const { x, y } = placeOf(grid, head);
  context.setLineDash([]);
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.strokeRect(x - 1, y - 1, grid.side + 2, grid.side + 2);
}

function headsFigure(scene: Figure['scene'], props: Props): Figure {
  const { thumbnails, patterns, label, numbers, options } = props;
  const names = kinds.map((kind) => label(kind));
  const meanings = kinds.map((kind) => `${letters[kind]} ${label(kind)}`).join('   ');
  return {
    title: `${label('allHeads')}: ${withSigns(props.content.document)}`,
    scene,
    notes: [
      label('gridAxes'),
      ...(patterns ? [`${label('labelled', numbers.value(labelledFrom))} ${meanings}`] : []),
    ],
    table: () => ({
      columns: [label('layer'), label('headColumn'), ...(patterns ? names : [])],
      rows: headsOf(thumbnails).map(({ layer, head }) => {
        const at = layer * thumbnails.heads + head;
        return [layer, head, ...(patterns ? kinds.map((kind) => round(patterns[kind][at]!)) : [])];
      }),
    }),
    facts: [...mapFacts(thumbnails, props), ...measuredFacts(patterns, props)],
    json: () => ({ thumbnails, patterns, without: options.without }),
  };
}
