import { visible } from '../../src/text/visible.ts';
import type { Colours } from './colours.ts';
import { hatch } from './hatch.ts';
import type { Scene, Shape } from './scene.ts';
import { textWidth } from './textWidth.ts';

/** One token of a strip. Colour never stands alone: the line below it says the same by its width and dashes. */
export interface StripToken {
  text: string;
  /** Behind the text; null: none. */
  fill: string | null;
  /** Below the text; `width` in pixels, 0: none. */
  line: { stroke: string; width: number; dashed: boolean };
  /** Striped, behind the text: what the colour says is doubted. */
  hatched?: boolean;
  /** Framed: the target, or what was pressed. */
  framed?: boolean;
}

const size = 13;
const rowHeight = 24;
const padding = 3;

/** A text as its tokens, wrapped like a text; line breaks of the text itself are kept. One item per token. */
export function tokenStrip(tokens: readonly StripToken[], width: number, colours: Colours): Scene {
  const shapes: Shape[] = [];
  // On top of the tokens beside them, and strong enough to be found in a long text.
  const frames: Shape[] = [];
  let [x, y] = [0, 0];
  for (const [item, token] of tokens.entries()) {
    const shown = visible(token.text) || '∅';
    const wide = textWidth(shown, size, colours.textFont) + 2 * padding;
    if (x > 0 && x + wide > width) [x, y] = [0, y + rowHeight];
    const box = { kind: 'rect' as const, x, y: y + 2, width: wide, height: rowHeight - 5, item };
    shapes.push({ ...box, fill: token.fill ?? 'none' });
    if (token.hatched) shapes.push(...hatch(box, colours.muted));
    if (token.framed) {
      for (const inset of [0, 1]) {
        const [left, top, right] = [x + inset, box.y + inset, x + wide - inset];
        const place = { x: left, y: top, width: right - left, height: box.height - 2 * inset };
        frames.push({ kind: 'rect', ...place, fill: 'none', stroke: colours.focus });
      }
    }
    shapes.push({
      kind: 'words',
      x: x + padding,
      y: y + 16,
      text: shown,
      fill: colours.foreground,
      size,
      font: colours.textFont,
    });
    const { line } = token;
    if (line.width > 0) {
      const height = y + rowHeight - 3 - line.width / 2;
      shapes.push({ kind: 'line', from: [x + 1, height], to: [x + wide - 1, height], ...line });
    }
    x += wide;
    if (token.text.includes('\n')) [x, y] = [0, y + rowHeight];
  }
  const height = y + (x > 0 ? rowHeight : 0) || rowHeight;
  return { width, height, background: colours.background, shapes: [...shapes, ...frames] };
}
