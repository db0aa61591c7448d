/**
 * A cursor over UTF-8 JSON bytes, for a caller who knows what comes next.
 *
 * `JSON.parse` accepts duplicate keys, rounds integers and builds everything before anything can be refused. A cursor
 * needs no memory beyond the bytes, and its caller stops at the first error.
 */
import { isUtf8 } from 'node:buffer';

/** Malformed input; the message says what and at which byte. */
export class MalformedJson extends Error {}

const quote = 0x22;
const backslash = 0x5c;
const escapes = new Set(Buffer.from('"\\/bfnrt'));

export class JsonCursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The character of the next token, or the empty string at the end. */
  peek(): string {
    while (this.#at < this.#bytes.length && isSpace(this.#bytes[this.#at]!)) this.#at++;
    return this.#at < this.#bytes.length ? String.fromCharCode(this.#bytes[this.#at]!) : '';
  }

  expect(character: string): void {
    if (this.peek() !== character) throw this.malformed(`expected ${character}`);
    this.#at++;
  }

  /** Walks `{"key": value, …}`; `member` is called at each value with its key, and reads it. */
  object(keyBytes: number, member: (key: string) => void): void {
    this.#list('{', '}', () => {
      const key = this.string(keyBytes);
      this.expect(':');
      member(key);
    });
  }

  /** Walks `[value, …]`; `element` is called at each value and reads it. */
  array(element: () => void): void {
    this.#list('[', ']', element);
  }

  #list(open: string, close: string, item: () => void): void {
    this.expect(open);
    if (this.peek() !== close) {
      item();
      while (this.peek() === ',') {
        this.#at++;
        item();
      }
    }
    this.expect(close);
  }

  /** A string of at most `most` bytes between its quotes. */
  string(most: number): string {
    const raw = this.#rawString();
    if (raw.length > most) throw this.malformed(`a string of more than ${most} bytes`);
    const text = raw.toString('utf8');
    return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
  }

  /** A string of any length, checked but not kept. */
  skipString(): void {
    this.#rawString();
  }

  #rawString(): Buffer {
    this.expect('"');
    const begin = this.#at;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) throw this.malformed('a string that does not end');
      if (byte === quote) break;
      if (byte < 0x20) throw this.malformed('a control character in a string');
      if (byte === backslash) this.#escape();
    }
    const raw = this.#bytes.subarray(begin, this.#at - 1);
    if (!isUtf8(raw)) throw this.malformed('a string that is not UTF-8');
    return raw;
  }

  #escape(): void {
    const byte = this.#bytes[this.#at++] ?? 0;
    if (escapes.has(byte)) return;
    const digits = this.#bytes.toString('latin1', this.#at, this.#at + 4);
    if (byte !== 0x75 || !/^[0-9a-fA-F]{4}$/.test(digits)) throw this.malformed('an unknown escape');
    this.#at += 4;
  }

  /** A non-negative integer below 2⁵³, written without sign, fraction, exponent or leading zero. */
  integer(): number {
    const first = this.peek();
    const begin = this.#at;
    let value = 0;
    while (isDigit(this.#bytes[this.#at]) && this.#at - begin < 17) {
      value = value * 10 + (this.#bytes[this.#at++]! - 0x30);
    }
    const digits = this.#at - begin;
    const next = String.fromCharCode(this.#bytes[this.#at] ?? 0x20);
    if (digits === 0 || (digits > 1 && first === '0') || /[.eE]/.test(next)) {
      throw this.malformed('expected a non-negative integer');
    }
    if (!Number.isSafeInteger(value)) throw this.malformed('an integer of 2^53 or more');
    return value;
  }

  /** Nothing but white space may follow. */
  end(): void {
    if (this.peek() !== '') throw this.malformed('more text after the end');
  }

  malformed(what: string): MalformedJson {
    return new MalformedJson(`${what} at byte ${this.#at} of the header`);
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}
