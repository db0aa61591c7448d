/** A change as VS Code reports it: `rangeLength` UTF-16 units at `rangeOffset` became `text`. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * A stretch of a document, in UTF-16 offsets, that moves along with the edits around it and is lost for good as soon
 * as one touches its inside: an undo brings the text back, but not the certainty that it is the same text.
 *
 * The editor's own moving of decorations is not relied upon, because undoing a deletion restores them wrongly.
 */
export class TrackedSpan {
  #start: number;
  #end: number;
  #intact = true;

  constructor(start: number, end: number) {
    this.#start = start;
    this.#end = end;
  }

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  get intact(): boolean {
    return this.#intact;
  }

  /** Takes the changes of one event, in the event's order: VS Code lists them from the last in the text to the first. */
  apply(changes: readonly TextChange[]): void {
    for (const { rangeOffset, rangeLength, text } of changes) {
      const changeEnd = rangeOffset + rangeLength;
      if (changeEnd <= this.#start) {
        const shift = text.length - rangeLength;
        this.#start += shift;
        this.#end += shift;
      } else if (rangeOffset < this.#end) {
        this.#intact = false;
      }
    }
  }
}
