/** Half-precision weights → float32. */
import type { WeightDtype } from './types.ts';

export const bytesPerElement: Readonly<Record<WeightDtype, number>> = { F32: 4, F16: 2, BF16: 2 };

/** Decodes little-endian weights of one type. */
export type Decoder = (bytes: ArrayBuffer) => Float32Array<ArrayBuffer>;

export function decoder(dtype: WeightDtype): Decoder {
  if (dtype === 'F32') return (bytes) => new Float32Array(bytes);
  const table = dtype === 'F16' ? float16Table() : bfloat16Table();
  return (bytes) => {
    const halves = new Uint16Array(bytes);
    const values = new Float32Array(halves.length);
    for (let i = 0; i < halves.length; i++) values[i] = table[halves[i]!]!;
    return values;
  };
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
function float16Table(): Float32Array {
  return Float32Array.from({ length: 0x10000 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = (bits & 0x3ff) / 0x400;
    if (exponent === 0) return sign * fraction * 2 ** -14;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction) * 2 ** (exponent - 15);
  });
}

/** bfloat16 is the upper half of a float32. */
function bfloat16Table(): Float32Array {
  return new Float32Array(Uint32Array.from({ length: 0x10000 }, (_, bits) => bits << 16).buffer);
}
