import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Tiles } from './bitmap.ts';
import { FittedNames } from './fittedNames.ts';
import { hasMoved } from './hasMoved.ts';
import {
  type Cell,
  drawMap,
  fittingCell,
  type Gutter,
  type MapLook,
  overhang,
  type Size,
  tallest,
} from './mapDrawing.ts';
import type { Label } from './page.tsx';
import { lookup } from './palette.ts';
import { useWidth } from './useWidth.ts';

export type { Cell } from './mapDrawing.ts';

/** In the window. */
interface Place {
  clientX: number;
  clientY: number;
}

interface Props extends MapLook {
  /** What it is a map of. */
  title: string;
  /** Of rows and columns, shown where there is room. */
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** What a cell says, in words and numbers. */
  say: (cell: Cell) => string;
  /** The page's words. */
  label: Label;
  /**
   * What is marked from outside: it is scrolled to. By default all that is marked; null: nothing is sought, and what is
   * marked only stays so.
   */
  sought?: Partial<Cell> | null;
  /** Pixels of a cell at first; by default as many as let the whole map be seen. */
  cell?: Size;
  /** Pixels of a cell at most, where the map could be larger; by default cells are small squares. */
  largestCell?: Size;
  /** Pixels for the names of rows, to the left, and of columns, above. */
  gutter?: Gutter;
  onPoint?: (cell: Cell | null) => void;
  onPress?: (cell: Cell) => void;
}

const defaultGutter: Gutter = { left: 96, top: 78 };
const zoomStep = 1.25;
/** Pixels of a cell at most, or as many as it has at first. */
const widestCell = 64;

/**
 * A matrix on a canvas that scrolls and zooms: only what is seen is drawn, from bitmaps of one pixel per number. The
 * arrow keys move from cell to cell, + and − zoom; what the cell says is read out.
 */
export function HeatMap(props: Props) {
  const { matrix, scale, colours, title, label, marked, sought = marked, onPoint, onPress } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scrolled, width] = useWidth<HTMLDivElement>();
  /** Where the pointer was moved to, until a key is pressed: then the map scrolls below it and it means nothing. */
  const pointer = useRef<Place | null>(null);
  const [zoom, setZoom] = useState(1);
  const [at, setAt] = useState<Cell | null>(null);
  const markedCell =
    marked?.row !== undefined && marked.column !== undefined
      ? { row: marked.row, column: marked.column }
      : null;
  const chosen = at ?? markedCell;
  /** The cell that is told of, and that the keys move on from; another map may have fewer rows. */
  const shown = chosen && chosen.row < matrix.rows && chosen.column < matrix.columns ? chosen : null;
  const tiles = useMemo(() => new Tiles(matrix, scale, lookup(scale, colours)), [matrix, scale, colours]);
  const gutter = props.gutter ?? defaultGutter;
  const first = props.cell ?? fittingCell(matrix, gutter, width, props.largestCell);
  const cell = { width: first.width * zoom, height: first.height * zoom };
  const beside = gutter.left - 10;
  const above = gutter.isUpright ? cell.width - 4 : gutter.top + 6;
  const names = useMemo(
    () => ({
      rows: new FittedNames(props.rowNames, beside, colours.textFont),
      columns: new FittedNames(props.columnNames, above, colours.textFont),
    }),
    [props.rowNames, props.columnNames, beside, above, colours],
  );
  const map = { width: matrix.columns * cell.width, height: matrix.rows * cell.height };
  const height = Math.min(tallest, map.height + gutter.top + 2);

  const draw = () => {
    const [target, view] = [canvas.current, scrolled.current];
    if (target && view) drawMap(target, view, tiles, { cell, gutter, at, names }, props);
  };
  /** What zooming keeps where it is: a point of the map in cells, and where it is seen. */
  const anchor = useRef<{ column: number; row: number; x: number; y: number } | null>(null);
  useLayoutEffect(() => {
    const [view, kept] = [scrolled.current, anchor.current];
    if (view && kept) {
      view.scrollLeft = kept.column * cell.width - kept.x;
      view.scrollTop = kept.row * cell.height - kept.y;
    }
    anchor.current = null;
  }, [cell.width, cell.height]);
  // What is marked at first is to be seen: it may be far from where the map begins.
  useEffect(() => {
    if (marked) reveal(marked);
  }, []);
  // And what is marked from outside later. What the pointer is on is seen, and when it leaves nothing is sought.
  useEffect(() => {
    if (sought && !(at && isIn(at, sought))) reveal(sought);
  }, [sought?.row, sought?.column]);
  useLayoutEffect(draw);
  // What was marked last counts: another picture of the same may be pointed at now.
  useLayoutEffect(() => {
    if (at && markedCell && !isSame(at, markedCell)) setAt(null);
  }, [markedCell?.row, markedCell?.column]);

  function move(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    pointer.current = null;
    const { row, column } = shown ?? { row: 0, column: 0 };
    const moves: Record<string, Cell> = {
      ArrowUp: { row: row - 1, column },
      ArrowDown: { row: row + 1, column },
      ArrowLeft: { row, column: column - 1 },
      ArrowRight: { row, column: column + 1 },
      Home: { row, column: 0 },
      End: { row, column: matrix.columns - 1 },
      PageUp: { row: row - 10, column },
      PageDown: { row: row + 10, column },
    };
    if (event.key === '+' || event.key === '=') zoomBy(zoomStep);
    else if (event.key === '-') zoomBy(1 / zoomStep);
    else if (event.key === 'Enter' && shown) onPress?.(shown);
    else if (moves[event.key]) go(shown ? moves[event.key]! : { row: 0, column: 0 });
    else return;
    event.preventDefault();
  }

  function go(wanted: Cell): void {
    const row = Math.min(matrix.rows - 1, Math.max(0, wanted.row));
    const column = Math.min(matrix.columns - 1, Math.max(0, wanted.column));
    setAt({ row, column });
    onPoint?.({ row, column });
    reveal({ row, column });
  }

  /** Scrolls as far as needed for a cell, or a whole row or column, to be seen. */
  function reveal({ row, column }: Partial<Cell>): void {
    const view = scrolled.current;
    if (!view) return;
    const seen = { width: view.clientWidth - gutter.left, height: view.clientHeight - gutter.top };
    if (column !== undefined) {
      view.scrollLeft = inView(view.scrollLeft, seen.width, column * cell.width, cell.width);
    }
    if (row !== undefined) {
      view.scrollTop = inView(view.scrollTop, seen.height, row * cell.height, cell.height);
    }
  }

  /** Around the pointer, the cell that was moved to, or the middle of what is seen. */
  function zoomBy(factor: number, pointed?: Place): void {
    const view = scrolled.current;
    const most = Math.max(1, widestCell / Math.max(first.width, first.height));
    const next = Math.min(most, Math.max(1, zoom * factor));
    if (!view || next === zoom) return;
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = view;
    let [x, y] = [(clientWidth - gutter.left) / 2, (clientHeight - gutter.top) / 2];
    if (pointed) [x, y] = placeOf(pointed);
    else if (at)
      [x, y] = [(at.column + 0.5) * cell.width - scrollLeft, (at.row + 0.5) * cell.height - scrollTop];
    anchor.current = { column: (x + scrollLeft) / cell.width, row: (y + scrollTop) / cell.height, x, y };
    setZoom(next);
  }

  /** From the upper left corner of what is seen of the map. */
  function placeOf({ clientX, clientY }: Place): [number, number] {
    const box = scrolled.current!.getBoundingClientRect();
    // Mice are told of in whole pixels; a pixel has the colour of the cell at its middle.
    return [clientX + 0.5 - box.left - gutter.left, clientY + 0.5 - box.top - gutter.top];
  }

  function cellUnder(place: Place): Cell | null {
    const view = scrolled.current!;
    const [x, y] = placeOf(place);
    // Beyond are the scroll bars.
    if (x < 0 || y < 0 || x + gutter.left >= view.clientWidth || y + gutter.top >= view.clientHeight)
      return null;
    const column = Math.floor((x + view.scrollLeft) / cell.width);
    const row = Math.floor((y + view.scrollTop) / cell.height);
    return row < matrix.rows && column < matrix.columns ? { row, column } : null;
  }

  function hover(): void {
    if (!pointer.current) return;
    const under = cellUnder(pointer.current);
    if (isSame(under, at)) return;
    setAt(under);
    onPoint?.(under);
  }

  const handlers = {
    onKeyDown: move,
    onScroll: () => {
      draw();
      hover();
    },
    onMouseMove: (event: MouseEvent) => {
      if (!hasMoved(event)) return;
      const { clientX, clientY } = event;
      pointer.current = { clientX, clientY };
      hover();
    },
    onMouseLeave: () => {
      // It rested, and the map has been scrolled away below it: the cell that a key led to stays.
      if (!pointer.current) return;
      pointer.current = null;
      setAt(null);
      onPoint?.(null);
    },
    onClick: (event: MouseEvent) => {
      const under = cellUnder(event);
      if (under) onPress?.(under);
    },
    onWheel: (event: WheelEvent) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? zoomStep : 1 / zoomStep, event);
    },
  };
  const widget = { role: 'application', tabIndex: 0, 'aria-label': `${title}. ${label('mapHelp')}` } as const;
  return (
    <div class="heatMap">
      <div ref={scrolled} class="scrolled map" {...widget} style={{ height: `${height}px` }} {...handlers}>
        <canvas ref={canvas} />
        <div
          style={{
            width: `${map.width + gutter.left + overhang}px`,
            height: `${map.height + gutter.top}px`,
          }}
        />
      </div>
      <div class="mapBar">
        <span class="zoom">
          <button type="button" aria-label={label('zoomOut')} onClick={() => zoomBy(1 / zoomStep)}>
            −
          </button>
          <button type="button" aria-label={label('zoomIn')} onClick={() => zoomBy(zoomStep)}>
            +
          </button>
        </span>
        <output aria-live="polite">{shown ? props.say(shown) : ''}</output>
      </div>
    </div>
  );
}

/** Where a view that begins at `from` has to begin for what lies at `start` to be in it. */
function inView(from: number, length: number, start: number, size: number): number {
  if (start < from) return start;
  return start + size > from + length ? start + size - length : from;
}

/** Whether a cell is the one that is meant, or in the row or the column. */
function isIn(cell: Cell, { row = cell.row, column = cell.column }: Partial<Cell>): boolean {
  return cell.row === row && cell.column === column;
}

function isSame(one: Cell | null, other: Cell | null): boolean {
  return one?.row === other?.row && one?.column === other?.column;
}
