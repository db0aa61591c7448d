import type { Figure } from './figure.ts';
import { moved } from './moved.ts';
import type { Look } from './paper.ts';
import type { Scene, Shape } from './scene.ts';
import { textWidth } from './textWidth.ts';

const [titleSize, noteSize, lineHeight, margin] = [14, 11, 18, 10];
/** A title's letters are bold: as wide as larger ones. */
const boldSize = titleSize * 1.1;
/** Pixels that words are given, though the picture be narrower. */
const least = 560;

/** A picture for a file, which must explain itself: with its title above and its notes below. */
export function captioned({ title, notes = [], ...figure }: Figure, look: Look): Scene {
  const { colours } = look;
  const { width: drawn, height, background, shapes } = figure.scene(look);
  const width = Math.max(drawn, Math.min(least, Math.ceil(textWidth(title, boldSize, colours.font))));
  const heading = wrapped(title, width, boldSize, colours.font);
  const top = margin + heading.length * lineHeight + margin / 2;
  const words = { kind: 'words' as const, x: margin, font: colours.font, fill: colours.foreground };
  const above = heading.map((text, line): Shape => {
    return { ...words, y: margin + titleSize + line * lineHeight, text, size: titleSize, bold: true };
  });
  const lines = notes.flatMap((note) => wrapped(note, width, noteSize, colours.font));
  const below = lines.map((text, line): Shape => {
    return { ...words, y: top + height + (line + 1) * lineHeight, text, size: noteSize };
  });
  return {
    width: width + 2 * margin,
    height: top + height + lines.length * lineHeight + margin,
    background,
    shapes: [...above, ...shapes.map((shape) => moved(shape, margin, top)), ...below],
  };
}

/** Broken between words. */
function wrapped(text: string, width: number, size: number, font: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ |(?<=[、。，：；？！）])/u)) {
    const longer = line === '' ? word : `${line}${/[、。，：；？！）]$/u.test(line) ? '' : ' '}${word}`;
    if (line !== '' && textWidth(longer, size, font) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
