/** The values that results are made of. Only the class of a typed array is checked, so its length costs nothing. */
import * as v from 'valibot';

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const floats = v.custom<Float32Array>((value) => value instanceof Float32Array);
export const integers = v.custom<Int32Array>((value) => value instanceof Int32Array);
export const bytes = v.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** In UTF-16 code units of the text in the request. */
export const textRange = v.object({ start: count, end: count });
export type TextRange = v.InferOutput<typeof textRange>;

/** A checkpoint, by the name of its folder and the SHA-256 of its weights. */
export const modelName = v.object({ name: v.string(), sha256: v.string() });
/** A checkpoint in a partial result, which does not wait for the hash: null while the files are still being read. */
export const modelNameSoFar = v.object({ ...modelName.entries, sha256: v.nullable(v.string()) });
