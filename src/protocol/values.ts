/**
 * Schemas of single values. Each message says what is expected, in symbols where possible, so that it needs no
 * translation.
 */
import * as v from 'valibot';

const lies = (x: unknown, min: number, max: number) => typeof x === 'number' && x >= min && x <= max;

export const integer = (min: number, max: number) =>
  v.custom<number>((x) => Number.isSafeInteger(x) && lies(x, min, max), `${min} … ${max}`);

export const real = (min: number, max: number) =>
  v.custom<number>((x) => lies(x, min, max), `${min} … ${max}`);

export const oneOf = <const T extends readonly string[]>(names: T) => v.picklist(names, names.join(' | '));

export const integerOrAuto = (most: number) =>
  v.custom<number | 'auto'>(
    (x) => x === 'auto' || (Number.isSafeInteger(x) && lies(x, 1, most)),
    `auto | 1 … ${most}`,
  );

export const anyIndex = integer(0, Number.MAX_SAFE_INTEGER);
