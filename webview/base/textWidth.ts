let context: CanvasRenderingContext2D | null = null;

/** In pixels. */
export function textWidth(text: string, size: number, font: string): number {
  context ??= document.createElement('canvas').getContext('2d')!;
  context.font = `${size}px ${font}`;
  return context.measureText(text).width;
}

/** As much of a text as fits, with … in place of the rest. */
export function fitted(text: string, width: number, size: number, font: string): string {
  if (textWidth(text, size, font) <= width) return text;
  const characters = Array.from(text);
  let [fits, all] = [0, characters.length];
  while (fits < all) {
    const middle = Math.ceil((fits + all) / 2);
    if (textWidth(`${characters.slice(0, middle).join('')}…`, size, font) <= width) fits = middle;
    else all = middle - 1;
  }
  return `${characters.slice(0, fits).join('')}…`;
}
