/**
 * A strict reader of safetensors headers.
 *
 * Format (github.com/huggingface/safetensors, "Format"): 8 bytes little-endian N; N bytes of UTF-8 JSON
 * `{"name": {"dtype", "shape", "data_offsets": [begin, end]}, …, "__metadata__"?: {string: string}}`, beginning
 * with `{`, padded with spaces; then the data, to the file's last byte, without overlap or gap. Offsets count from
 * the start of the data.
 */
import { EngineError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { JsonCursor, MalformedJson } from './jsonCursor.ts';
import type { OpenedFile } from './openedFile.ts';

export interface TensorEntry {
  dtype: string;
  shape: readonly number[];
  /** Byte offset from the start of the file. */
  offset: number;
  /** Bytes. */
  length: number;
}

/**
 * Our own bounds, which keep a hostile header from costing more memory than its bytes. 256 layers, the most that
 * config.ts lets through, have 3,589 tensors with both legacy buffers; their longest name has 35 bytes.
 */
export const headerBounds = { tensors: 4_096, metadata: 1_024, name: 256, dimensions: 32 } as const;

const bitsPerElement: Readonly<Record<string, number>> = {
  ...{ BOOL: 8, U8: 8, I8: 8, U16: 16, I16: 16, U32: 32, I32: 32, U64: 64, I64: 64 },
  ...{ F64: 64, F32: 32, F16: 16, BF16: 16, C64: 64 },
  ...{ F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
};

/**
 * Every tensor of the file by name.
 * @throws EngineError `safetensors-invalid`, `file-changed`, `file-unreadable`
 */
export function readHeader(file: OpenedFile): Map<string, TensorEntry> {
  try {
    if (file.size < 8) throw new MalformedJson('it is shorter than its 8-byte length field');
    const length = file.read(0, 8).readBigUInt64LE();
    if (length > limits.safetensorsHeader) {
      throw new MalformedJson(
        `its header claims ${length} bytes, more than the limit of ${limits.safetensorsHeader}`,
      );
    }
    if (8 + Number(length) > file.size) {
      throw new MalformedJson(`its header claims ${length} bytes, more than the file has`);
    }
    const header = file.read(8, Number(length));
    return parseHeader(header, file.size - 8 - header.length);
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error;
    throw new EngineError('safetensors-invalid', { file: file.name, reason: error.message });
  }
}

/** @throws MalformedJson */
function parseHeader(header: Buffer, dataLength: number): Map<string, TensorEntry> {
  if (header[0] !== 0x7b) throw new MalformedJson('its header does not begin with {');
  const tensors = new Map<string, TensorEntry>();
  const cursor = new JsonCursor(header);
  let hasMetadata = false;
  cursor.object(headerBounds.name, (name) => {
    if (name === '__metadata__' ? hasMetadata : tensors.has(name)) {
      throw cursor.malformed(`"${name}" appears twice,`);
    }
    if (name === '__metadata__') {
      hasMetadata = true;
      checkMetadata(cursor);
    } else if (tensors.size === headerBounds.tensors) {
      throw new MalformedJson(`it has more than ${headerBounds.tensors} tensors`);
    } else {
      tensors.set(name, parseTensor(cursor, name, 8 + header.length));
    }
  });
  cursor.end();
  checkCover(tensors, 8 + header.length, dataLength);
  return tensors;
}

function checkMetadata(cursor: JsonCursor): void {
  const keys = new Set<string>();
  cursor.object(headerBounds.name, (key) => {
    if (keys.has(key)) throw cursor.malformed(`"${key}" appears twice in __metadata__,`);
    if (keys.size === headerBounds.metadata) throw cursor.malformed('too many entries in __metadata__');
    keys.add(key);
    cursor.skipString();
  });
}

function parseTensor(cursor: JsonCursor, name: string, dataStart: number): TensorEntry {
  const found: { dtype?: string; shape?: number[]; data_offsets?: number[] } = {};
  cursor.object(headerBounds.name, (key) => {
    if (Object.hasOwn(found, key)) throw cursor.malformed(`"${key}" appears twice in the tensor "${name}",`);
    if (key === 'dtype') found.dtype = cursor.string(headerBounds.name);
    else if (key === 'shape') found.shape = integers(cursor, headerBounds.dimensions);
    else if (key === 'data_offsets') found.data_offsets = integers(cursor, 2);
    else throw cursor.malformed(`"${key}" is unknown in the tensor "${name}",`);
  });
  const { dtype, shape, data_offsets: offsets } = found;
  if (dtype === undefined || shape === undefined || offsets?.length !== 2) {
    throw cursor.malformed(`the tensor "${name}" lacks its dtype, shape or two data_offsets,`);
  }
  const bits = Object.hasOwn(bitsPerElement, dtype) ? bitsPerElement[dtype]! : undefined;
  if (bits === undefined) throw new MalformedJson(`the tensor "${name}" has the unknown type "${dtype}"`);
  const [begin, end] = offsets as [number, number];
  const length = (elements(name, shape) * bits) / 8;
  if (end - begin !== length) {
    const described = `${dtype} [${shape.join(', ')}]`;
    throw new MalformedJson(
      `the tensor "${name}" lies at bytes ${begin} to ${end}, but ${described} needs ${length}`,
    );
  }
  return { dtype, shape, offset: dataStart + begin, length };
}

function integers(cursor: JsonCursor, most: number): number[] {
  const values: number[] = [];
  cursor.array(() => {
    if (values.length === most) throw cursor.malformed(`more than ${most} numbers`);
    values.push(cursor.integer());
  });
  return values;
}

function elements(name: string, shape: readonly number[]): number {
  let count = 1;
  for (const size of shape) {
    count *= size;
    // ×64 bits must stay exact as well.
    if (count > Number.MAX_SAFE_INTEGER / 64) {
      throw new MalformedJson(`the tensor "${name}" has an impossible shape [${shape.join(', ')}]`);
    }
  }
  return count;
}

/** No overlap, no gap, and nothing after the last tensor. */
function checkCover(tensors: ReadonlyMap<string, TensorEntry>, dataStart: number, dataLength: number): void {
  let end = dataStart;
  const inOrder = [...tensors].sort(([, a], [, b]) => a.offset - b.offset || a.length - b.length);
  for (const [name, tensor] of inOrder) {
    if (tensor.offset !== end) {
      const how = tensor.offset < end ? 'overlaps the one before it' : 'leaves a gap before it';
      throw new MalformedJson(`the tensor "${name}" ${how}`);
    }
    end = tensor.offset + tensor.length;
  }
  if (end !== dataStart + dataLength) {
    throw new MalformedJson(`its tensors need ${end - dataStart} bytes, but ${dataLength} follow the header`);
  }
}
