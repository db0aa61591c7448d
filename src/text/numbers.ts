/** Numbers in the notation of a language. */
export class Numbers {
  readonly #locale: string;
  /** By their options. */
  readonly #formats = new Map<string, Intl.NumberFormat>();

  constructor(locale: string) {
    this.#locale = locale;
  }

  /** 0.4123 → 41%, 0.0123 → 1.2%, 0.00001 → <0.1%, 0.99996 → >99.9%: only what is certain is 100%. */
  percent(fraction: number): string {
    const format = (value: number, maximumFractionDigits: number) =>
      this.#format(value, { style: 'percent', maximumFractionDigits });
    if (fraction > 0 && fraction < 0.001) return `<${format(0.001, 1)}`;
    if (fraction > 0.999 && fraction < 1) return `>${format(0.999, 1)}`;
    return format(fraction, fraction < 0.1 || (fraction > 0.99 && fraction < 1) ? 1 : 0);
  }

  /** Three significant digits, with the sign: contributions and other differences. */
  signed(value: number): string {
    return this.#measured(value, 'exceptZero');
  }

  /** The same without a sign in front of what is positive: logits, contributions that have no sign. */
  amount(value: number): string {
    return this.#measured(value, 'auto');
  }

  #measured(value: number, signDisplay: 'auto' | 'exceptZero'): string {
    return this.#format(value, {
      minimumSignificantDigits: 3,
      maximumSignificantDigits: 3,
      signDisplay,
      notation: value !== 0 && Math.abs(value) < 1e-4 ? 'scientific' : 'standard',
    });
  }

  /** At most three significant digits. */
  value(value: number): string {
    return this.#format(value, { maximumSignificantDigits: 3 });
  }

  /** Two significant digits, for what is said with "about": 28,790 → 29,000. */
  rough(value: number): string {
    return this.#format(value, { maximumSignificantDigits: 2 });
  }

  count(value: number): string {
    return this.#format(value, { maximumFractionDigits: 0 });
  }

  /** For narrow places: 4,409 → 4.41K, 69.59 → 69.6, 0.0123 → 0.01. */
  short(value: number, signed = false): string {
    return this.#format(value, {
      notation: 'compact',
      maximumSignificantDigits: 3,
      maximumFractionDigits: 2,
      roundingPriority: 'lessPrecision',
      signDisplay: signed ? 'exceptZero' : 'auto',
    });
  }

  /** 13,824,000 → 13.8 MB: three significant digits of a decimal unit, from kilobytes on. */
  bytes(count: number): string {
    const units = [
      [1e9, 'gigabyte'],
      [1e6, 'megabyte'],
      [1e3, 'kilobyte'],
    ] as const;
    const [size, unit] = units.find(([size]) => count >= size) ?? units[2];
    return this.#format(count / size, { style: 'unit', unit, maximumSignificantDigits: 3 });
  }

  /** From nats, the engine's unit. */
  bits(nats: number): string {
    return this.#format(nats / Math.LN2, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  /** Making a formatter takes a hundred times as long as using it. */
  #format(value: number, options: Intl.NumberFormatOptions): string {
    const key = JSON.stringify(options);
    let format = this.#formats.get(key);
    if (!format) {
      format = new Intl.NumberFormat(this.#locale, options);
      this.#formats.set(key, format);
    }
    return format.format(value);
  }
}
