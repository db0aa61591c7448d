import { fitted } from './textWidth.ts';

/**
 * Names cut to a width. Each is measured once, when it is first seen, because measuring would take most of every frame.
 */
export class FittedNames {
  readonly #names: readonly string[];
  readonly #width: number;
  readonly #font: string;
  readonly #fitted = new Map<number, string>();

  constructor(names: readonly string[], width: number, font: string) {
    this.#names = names;
    this.#width = width;
    this.#font = font;
  }

  at(index: number): string {
    let name = this.#fitted.get(index);
    if (name === undefined) {
      name = fitted(this.#names[index] ?? '', this.#width, 11, this.#font);
      this.#fitted.set(index, name);
    }
    return name;
  }
}
