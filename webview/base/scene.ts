/**
 * A picture as a list of shapes: drawn on the page as SVG (`picture.tsx`), and for exports as an SVG file or on a canvas.
 * What is drawn once is drawn here.
 */

interface Rect {
  kind: 'rect';
  x: number;
  y: number;
  width: number;
  height: number;
  fill: string;
  stroke?: string;
  dashed?: boolean;
  /** Shapes of one item light up and are pressed together. */
  item?: number;
}

interface Line {
  kind: 'line';
  from: readonly [number, number];
  to: readonly [number, number];
  stroke: string;
  width: number;
  dashed?: boolean;
}

interface Arc {
  kind: 'arc';
  /** From one point to another on the same height, bent upwards to `rise` above them. */
  from: readonly [number, number];
  to: readonly [number, number];
  rise: number;
  stroke: string;
  width: number;
}

interface Words {
  kind: 'words';
  x: number;
  /** Of the baseline. */
  y: number;
  text: string;
  fill: string;
  size: number;
  font: string;
  anchor?: 'start' | 'middle' | 'end';
  bold?: boolean;
  item?: number;
  /** Degrees clockwise around (x, y). */
  turned?: number;
}

/** A bitmap, from the map that is drawn on a canvas. */
interface Bitmap {
  kind: 'bitmap';
  x: number;
  y: number;
  width: number;
  height: number;
  canvas: HTMLCanvasElement;
}

export type Shape = Rect | Line | Arc | Words | Bitmap;

export interface Scene {
  width: number;
  height: number;
  background: string;
  shapes: readonly Shape[];
}

const dashes = [3, 2];

export function arcPath({ from, to, rise }: Arc): string {
  const top = from[1] - (4 / 3) * rise;
  return `M${from[0]} ${from[1]}C${from[0]} ${top} ${to[0]} ${top} ${to[0]} ${to[1]}`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For text and attributes of XML and HTML; what XML cannot hold becomes U+FFFD. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => escapes[character]!);
}

/** A self-contained file. */
export function toSvg({ width, height, background, shapes }: Scene): string {
  const body = shapes.map(svgOf).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="${width}" height="${height}" fill="${escaped(background)}"/>
${body}
</svg>
`;
}

function svgOf(shape: Shape): string {
  const dashed = 'dashed' in shape && shape.dashed ? ` stroke-dasharray="${dashes.join(' ')}"` : '';
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height, fill, stroke } = shape;
      const line = stroke ? ` stroke="${escaped(stroke)}"${dashed}` : '';
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${escaped(fill)}"${line}/>`;
    }
    case 'line': {
      const { from, to, stroke, width } = shape;
      const ends = `x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}"`;
      return `<line ${ends} stroke="${escaped(stroke)}" stroke-width="${width}"${dashed}/>`;
    }
    case 'arc':
      return `<path d="${arcPath(shape)}" fill="none" stroke="${escaped(shape.stroke)}" stroke-width="${shape.width}"/>`;
    case 'words': {
      const { x, y, text, fill, size, font, anchor = 'start', bold, turned } = shape;
      const look = `font-family="${escaped(font)}" font-size="${size}" text-anchor="${anchor}"`;
      const weight = bold ? ' font-weight="600"' : '';
      const turn = turned ? ` transform="rotate(${turned} ${x} ${y})"` : '';
      return `<text x="${x}" y="${y}" fill="${escaped(fill)}" ${look}${weight}${turn} xml:space="preserve">${escaped(text)}</text>`;
    }
    case 'bitmap': {
      const { x, y, width, height, canvas } = shape;
      const place = `x="${x}" y="${y}" width="${width}" height="${height}"`;
      return `<image ${place} preserveAspectRatio="none" style="image-rendering:pixelated" href="${canvas.toDataURL('image/png')}"/>`;
    }
  }
}

/** Twice as fine as the page, for papers and slides. */
const pixelRatio = 2;
/** What browsers can draw: beyond, a canvas stays blank and says nothing. */
const largestCanvas = { side: 16_384, area: 16_384 * 8_192 };

/** A picture's size in pixels, and how fine it is: less than twice as the page where it would be too large otherwise. */
export function pixelsOf({ width, height }: Pick<Scene, 'width' | 'height'>): {
  width: number;
  height: number;
  ratio: number;
  isReduced: boolean;
} {
  const { side, area } = largestCanvas;
  const most = Math.min(side / width, side / height, Math.sqrt(area / (width * height)));
  if (most >= pixelRatio) {
    const [wide, high] = [Math.ceil(width * pixelRatio), Math.ceil(height * pixelRatio)];
    return { width: wide, height: high, ratio: pixelRatio, isReduced: false };
  }
  const whole = (length: number) => Math.max(1, Math.floor(length * most));
  return { width: whole(width), height: whole(height), ratio: most, isReduced: true };
}

/** Null: the browser has no memory for it. */
export function toCanvas({ width, height, background, shapes }: Scene): HTMLCanvasElement | null {
  const canvas = document.createElement('canvas');
  const pixels = pixelsOf({ width, height });
  [canvas.width, canvas.height] = [pixels.width, pixels.height];
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.scale(pixels.ratio, pixels.ratio);
  paint(context, { width, height, background, shapes });
  return canvas;
}

/** On a canvas of the page, or of a file. */
export function paint(context: CanvasRenderingContext2D, { width, height, background, shapes }: Scene): void {
  context.fillStyle = background;
  context.fillRect(0, 0, width, height);
  for (const shape of shapes) paintShape(context, shape);
}

function paintShape(context: CanvasRenderingContext2D, shape: Shape): void {
  context.setLineDash('dashed' in shape && shape.dashed ? dashes : []);
  switch (shape.kind) {
    case 'rect': {
      const { x, y, width, height, fill, stroke } = shape;
      if (fill !== 'none') {
        context.fillStyle = fill;
        context.fillRect(x, y, width, height);
      }
      if (stroke) {
        context.strokeStyle = stroke;
        context.lineWidth = 1;
        context.strokeRect(x, y, width, height);
      }
      break;
    }
    case 'line':
      context.strokeStyle = shape.stroke;
      context.lineWidth = shape.width;
      context.beginPath();
      context.moveTo(...shape.from);
      context.lineTo(...shape.to);
      context.stroke();
      break;
    case 'arc':
      context.strokeStyle = shape.stroke;
      context.lineWidth = shape.width;
      context.stroke(new Path2D(arcPath(shape)));
      break;
    case 'words':
      context.fillStyle = shape.fill;
      context.font = `${shape.bold ? '600 ' : ''}${shape.size}px ${shape.font}`;
      context.textAlign = shape.anchor === 'middle' ? 'center' : (shape.anchor ?? 'start');
      context.save();
      context.translate(shape.x, shape.y);
      context.rotate(((shape.turned ?? 0) * Math.PI) / 180);
      context.fillText(shape.text, 0, 0);
      context.restore();
      break;
    case 'bitmap':
      context.imageSmoothingEnabled = false;
      context.drawImage(shape.canvas, shape.x, shape.y, shape.width, shape.height);
      break;
  }
}
