import type { Colours } from './colours.ts';
import type { Figure } from './figure.ts';
import { moved } from './moved.ts';
import type { Scene, Shape } from './scene.ts';
import { fitted, textWidth } from './textWidth.ts';

const [titleSize, noteSize, lineHeight, margin] = [14, 11, 18, 10];
/** A title's letters are bold: as wide as larger ones. */
const boldSize = titleSize * 1.1;
/** Pixels that a title is given, though the picture be narrower. */
const least = 560;

/** A picture for a file, which must explain itself: with its title above and its notes below. */
export function captioned({ title, notes = [], ...figure }: Figure, colours: Colours): Scene {
  const { width: drawn, height, background, shapes } = figure.scene();
  const width = Math.max(drawn, Math.min(least, Math.ceil(textWidth(title, boldSize, colours.font))));
  const top = margin + lineHeight + margin / 2;
  const words = { kind: 'words' as const, x: margin, font: colours.font, fill: colours.foreground };
  const heading = { y: margin + titleSize, text: fitted(title, width, boldSize, colours.font) };
  const lines = notes.flatMap((note) => wrapped(note, width, colours.font));
  const below = lines.map((text, line): Shape => {
    return { ...words, y: top + height + (line + 1) * lineHeight, text, size: noteSize };
  });
  return {
    width: width + 2 * margin,
    height: top + height + lines.length * lineHeight + margin,
    background,
    shapes: [
      { ...words, ...heading, size: titleSize, bold: true },
      ...shapes.map((shape) => moved(shape, margin, top)),
      ...below,
    ],
  };
}

/** Broken between words. */
function wrapped(note: string, width: number, font: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of note.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, noteSize, font) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
