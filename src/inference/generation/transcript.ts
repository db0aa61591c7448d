/** A sequence while it is generated: its tokens, each with the text that it completed. */
import type { GeneratedToken } from '../../protocol/results.ts';
import { StopTexts } from './stopTexts.ts';

/** A token that is part of the sequence for certain, with its share of the text. */
export interface WrittenToken {
  token: GeneratedToken;
  text: string;
}

/** A token whose share is not known yet: UTF-16 units from `start` to `end` of all that was decoded. */
interface WaitingToken {
  token: GeneratedToken;
  start: number;
  end: number;
  /** Its last bytes belong to a character that is not complete yet. */
  isOpen: boolean;
}

export class Transcript {
  readonly tokens: GeneratedToken[] = [];
  text = '';
  readonly #stops: StopTexts;
  // Holds back the bytes of a character until its last token has come.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #decoded = 0;
  /** The last bytes so far: at most three, since no character has more than four. */
  #tail: number[] = [];
  #waiting: WaitingToken[] = [];

  /** @param stop the sequence ends before the first of these texts */
  constructor(stop: readonly string[]) {
    this.#stops = new StopTexts(stop);
  }

  get isStopped(): boolean {
    return this.#stops.isFound;
  }

  /** @returns the tokens, earlier ones too, whose text is certain now */
  add(token: GeneratedToken, bytes: Uint8Array): WrittenToken[] {
    const start = this.#decoded;
    const piece = this.#decoder.decode(bytes, { stream: true });
    this.#decoded += piece.length;
    this.#tail = [...this.#tail, ...bytes].slice(-3);
    this.#waiting.push({ token, start, end: this.#decoded, isOpen: isInsideCharacter(this.#tail) });
    this.text += this.#stops.add(piece);
    return this.isStopped ? this.#close() : this.#release();
  }

  /** Ends the sequence where it is. @returns the tokens that were still waiting */
  end(): WrittenToken[] {
    if (this.isStopped) return [];
    const rest = this.#decoder.decode();
    const last = this.#waiting.at(-1);
    if (last) last.end += rest.length;
    this.text += this.#stops.add(rest);
    this.text += this.#stops.end();
    return this.#close();
  }

  /** Takes out the tokens whose text cannot change any more. */
  #release(): WrittenToken[] {
    const known = this.text.length;
    const first = this.#waiting.findIndex(
      ({ start, end, isOpen }) => start >= known || end + Number(isOpen) > known,
    );
    return this.#write(this.#waiting.splice(0, first < 0 ? this.#waiting.length : first));
  }

  /** Takes out all waiting tokens; after a stop text, only those of which some text is left. */
  #close(): WrittenToken[] {
    const waiting = this.#waiting.filter(({ start }) => !this.isStopped || start < this.text.length);
    this.#waiting = [];
    return this.#write(waiting);
  }

  #write(tokens: readonly WaitingToken[]): WrittenToken[] {
    this.tokens.push(...tokens.map(({ token }) => token));
    return tokens.map(({ token, start, end }) => ({ token, text: this.text.slice(start, end) }));
  }
}

/** Whether UTF-8 that ends with these bytes ends inside of a character. */
function isInsideCharacter(bytes: readonly number[]): boolean {
  const first = bytes.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const lead = bytes[first];
  if (lead === undefined || lead < 0xc0) return false;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  return bytes.length - first < length;
}
