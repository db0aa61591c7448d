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

/** A point in the window. */
interface Place {
  clientX: number;
  clientY: number;
}

interface Props extends MapLook {
  /** What the map shows. */
  title: string;
  /** Names of rows and columns, shown if there is room. */
  rowNames: readonly string[];
  columnNames: readonly string[];
  /** Describes a cell in words and numbers. */
  say: (cell: Cell) => string;
  /** The page's words. */
  label: Label;
  /** The map scrolls to this when it changes. By default it is what is marked; null: the map does not scroll. */
  sought?: Partial<Cell> | null;
  /** A cell's size in pixels at first; by default the whole map fits. */
  cell?: Size;
  /** The largest size of a cell in pixels where the map has room; by default cells are small squares. */
  largestCell?: Size;
  /** Room in pixels for the names of rows (left) and of columns (above). */
  gutter?: Gutter;
  onPoint?: (cell: Cell | null) => void;
  onPress?: (cell: Cell) => void;
}

const defaultGutter: Gutter = { left: 96, top: 78 };
const zoomStep = 1.25;
/** The most pixels of a zoomed cell, unless it has more at first. */
const widestCell = 64;

/**
 * A matrix on a canvas that scrolls and zooms. Only the visible part is drawn, from bitmaps with one pixel per number.
 * The arrow keys move from cell to cell, + and − zoom, and the current cell is read out.
 */
export function HeatMap(props: Props) {
  const { matrix, scale, colours, title, label, marked, sought = marked, onPoint, onPress } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const [scrolled, width] = useWidth<HTMLDivElement>();
  /**
   * Where the pointer was moved to. Null once a key is pressed, because the map may then scroll below a resting
   * pointer.
   */
  const pointer = useRef<Place | null>(null);
  const [zoom, setZoom] = useState(1);
  const [at, setAt] = useState<Cell | null>(null);
  const markedCell =
    marked?.row !== undefined && marked.column !== undefined
      ? { row: marked.row, column: marked.column }
      : null;
  const chosen = at ?? markedCell;
  /** The cell that is described, and from which keys move on. Null if a new map does not have it. */
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
  /** The point that zooming keeps in place: in cells of the map, and in pixels of the view. */
  const anchor = useRef<{ column: number; row: number; x: number; y: number } | null>(null);
  useLayoutEffect(() => {
    const [view, kept] = [scrolled.current, anchor.current];
    if (view && kept) {
      view.scrollLeft = kept.column * cell.width - kept.x;
      view.scrollTop = kept.row * cell.height - kept.y;
    }
    anchor.current = null;
  }, [cell.width, cell.height]);
  // Scrolls to what is marked at first, which may be far from the map's beginning.
  useEffect(() => {
    if (marked) reveal(marked);
  }, []);
  // Scrolls to what is marked from outside later, unless the pointer is on it, as it is visible then.
  useEffect(() => {
    if (sought && !(at && isIn(at, sought))) reveal(sought);
  }, [sought?.row, sought?.column]);
  useLayoutEffect(draw);
  // The last marking counts: a linked picture may be pointed at now.
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

  /** Scrolls as far as needed to show a cell, or a whole row or column. */
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

  /** Zooms around the pointer, the cell that keys moved to, or the middle of the view. */
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

  /** The position in pixels from the upper left corner of the map's visible part. */
  function placeOf({ clientX, clientY }: Place): [number, number] {
    const box = scrolled.current!.getBoundingClientRect();
    // Mouse positions are whole pixels, and a pixel has the colour of the cell at its middle.
    return [clientX + 0.5 - box.left - gutter.left, clientY + 0.5 - box.top - gutter.top];
  }

  function cellUnder(place: Place): Cell | null {
    const view = scrolled.current!;
    const [x, y] = placeOf(place);
    // The scroll bars are beyond.
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
      // The pointer rested and the map was scrolled below it: the cell that keys moved to stays.
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

/** The position to scroll to, from `from`, so that something at `start` is in view. */
function inView(from: number, length: number, start: number, size: number): number {
  if (start < from) return start;
  return start + size > from + length ? start + size - length : from;
}

/** Whether a cell is the given one, or is in the given row or column. */
function isIn(cell: Cell, { row = cell.row, column = cell.column }: Partial<Cell>): boolean {
  return cell.row === row && cell.column === column;
}

function isSame(one: Cell | null, other: Cell | null): boolean {
  return one?.row === other?.row && one?.column === other?.column;
}
