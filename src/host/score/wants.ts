import type { Stretch } from './knownScores.ts';

/** How soon a stretch is wanted: the pointer is on it, it is on the screen, or it may be looked at later. */
export type Urgency = 'pointed' | 'seen' | 'later';

const order: readonly Urgency[] = ['pointed', 'seen', 'later'];

/** A stretch of a document that somebody waits to see, until it is known or they wait no longer. */
export class Want<D> {
  readonly document: D;
  readonly stretch: Stretch;
  readonly urgency: Urgency;
  readonly #withdraw: (want: Want<D>) => void;

  constructor(document: D, stretch: Stretch, urgency: Urgency, withdraw: (want: Want<D>) => void) {
    this.document = document;
    this.stretch = stretch;
    this.urgency = urgency;
    this.#withdraw = withdraw;
  }

  /** Nobody waits for it any longer. */
  dispose(): void {
    this.#withdraw(this);
  }
}

/**
 * What is waited for: the more urgent first, of equally urgent the newest. Whoever wants something owns it and takes it
 * back, so that there is never more than is waited for.
 */
export class Wants<D> {
  /** The oldest first. */
  #all: Want<D>[] = [];
  readonly #onWithdrawn: (want: Want<D>) => void;

  /** @param onWithdrawn told when somebody takes back what was still open */
  constructor(onWithdrawn: (want: Want<D>) => void) {
    this.#onWithdrawn = onWithdrawn;
  }

  add(document: D, stretch: Stretch, urgency: Urgency): Want<D> {
    const want = new Want(document, stretch, urgency, (want) => {
      if (this.drop(want)) this.#onWithdrawn(want);
    });
    this.#all.push(want);
    return want;
  }

  isOpen(want: Want<D>): boolean {
    return this.#all.includes(want);
  }

  first(): Want<D> | null {
    for (const urgency of order) {
      const want = this.#all.findLast((one) => one.urgency === urgency);
      if (want) return want;
    }
    return null;
  }

  /** It is known, or cannot be. @returns whether it was open */
  drop(want: Want<D>): boolean {
    const isOpen = this.isOpen(want);
    if (isOpen) this.#all = this.#all.filter((one) => one !== want);
    return isOpen;
  }

  /** All of a document. */
  dropAll(document: D): void {
    this.#all = this.#all.filter((want) => want.document !== document);
  }

  clear(): void {
    this.#all = [];
  }
}
