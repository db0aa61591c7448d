import stringWidth from 'string-width';
import { withSigns } from '../../text/visible.ts';
import { splitAt } from './columns.ts';

export type Paint = (text: string) => string;

/**
 * Puts pieces of text one after another and breaks the lines itself, between pieces if possible: a terminal would
 * extend a background colour to the edge. Invisible characters are shown as signs; after the sign of a line break the
 * line ends.
 */
export class Flow {
  readonly #width: number;
  #column = 0;
  #text = '';

  /** @param width columns, at least 2 */
  constructor(width: number) {
    this.#width = Math.max(2, width);
  }

  add(piece: string, paint: Paint): void {
    for (const part of piece.split(/(?<=\n)/)) {
      this.#addLine(withSigns(part).replaceAll('⇥', '⇥   '), paint);
      if (part.endsWith('\n')) this.#break();
    }
  }

  /** @returns the lines, without a line break at the end */
  toString(): string {
    return this.#text.replace(/\n$/, '');
  }

  #addLine(text: string, paint: Paint): void {
    const width = stringWidth(text);
    if (this.#column > 0 && this.#column + width > this.#width && width <= this.#width) this.#break();
    for (let rest = text; rest !== ''; ) {
      let [head, tail] = splitAt(rest, this.#width - this.#column);
      if (head === '' && this.#column === 0) [head, tail] = [rest, ''];
      this.#text += head === '' ? '' : paint(head);
      this.#column += stringWidth(head);
      rest = tail;
      if (rest !== '') this.#break();
    }
  }

  #break(): void {
    this.#text += '\n';
    this.#column = 0;
  }
}
