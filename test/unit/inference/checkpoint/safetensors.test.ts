import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { headerBounds } from '../../../../src/inference/checkpoint/safetensors.ts';
import { limits } from '../../../../src/protocol/limits.ts';
import { entry, readBytes, safetensors } from '../../../fixtures/safetensors.ts';
import { temporaryFolder } from '../../../fixtures/temporary.ts';

const one = `{"a":${entry(0, 8)}}`;

const accepted: [string, Buffer, Record<string, { shape: number[]; length: number; at: number }>][] = [
  ['one tensor', safetensors(one, 8), { a: { shape: [2], length: 8, at: 0 } }],
  ['no tensor', safetensors('{}', 0), {}],
  [
    'white space everywhere JSON has it',
    safetensors(` ${one} `.slice(1).replaceAll(':', ' :\n\t\r '), 8),
    { a: { shape: [2], length: 8, at: 0 } },
  ],
  [
    'metadata, tensors in any order, scalars and empty ones',
    safetensors(
      `{"b":${entry(4, 12)},"__metadata__":{"format":"pt","x":"\\u00e9\\n"},"s":${entry(0, 4, '[]')},"e":${entry(12, 12, '[0,5]')}}`,
      12,
    ),
    {
      b: { shape: [2], length: 8, at: 4 },
      s: { shape: [], length: 4, at: 0 },
      e: { shape: [0, 5], length: 0, at: 12 },
    },
  ],
  [
    'an empty tensor listed after the one that begins at the same byte',
    safetensors(`{"a":${entry(0, 8)},"e":${entry(0, 0, '[0]')}}`, 8),
    { a: { shape: [2], length: 8, at: 0 }, e: { shape: [0], length: 0, at: 0 } },
  ],
  [
    'names of any spelling',
    safetensors(`{"__proto__":${entry(0, 8)},"caf\\u00e9 \\"世\\"":${entry(8, 16)}}`, 16),
    { ['__proto__']: { shape: [2], length: 8, at: 0 }, 'café "世"': { shape: [2], length: 8, at: 8 } },
  ],
  [
    'half a byte per element',
    safetensors(`{"a":${entry(0, 1, '[2]', '"F4"')}}`, 1),
    { a: { shape: [2], length: 1, at: 0 } },
  ],
];

for (const [what, bytes, expected] of accepted) {
  test(`safetensors reads: ${what}`, (t) => {
    const dataStart = 8 + Number(bytes.readBigUInt64LE());
    const read = [...readBytes(temporaryFolder(t), bytes)].map(([name, { shape, length, offset }]) => [
      name,
      { shape, length, at: offset - dataStart },
    ]);
    assert.deepEqual(read, Object.entries(expected));
  });
}

const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const deep = `{"a":${'['.repeat(100_000)}`;
const refused: [string, Buffer, RegExp][] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7].map((size): [string, Buffer, RegExp] => [
    `${size} bytes`,
    Buffer.alloc(size),
    /shorter than its 8-byte length field/,
  ]),
  ['only a length field', safetensors('', 0), /does not begin with \{/],
  [
    'a length of 2^64 − 1',
    safetensors(one, 8, 2n ** 64n - 1n),
    /claims 18446744073709551615 bytes, more than the limit/,
  ],
  [
    'a header over the limit',
    safetensors(one, 8, BigInt(limits.safetensorsHeader) + 1n),
    /claims 100000001 bytes, more than the limit/,
  ],
  ['a header longer than the file', safetensors(one, 8, 1000n), /claims 1000 bytes, more than the file has/],
  ['a truncated last byte', safetensors(one, 7), /need 8 bytes, but 7 follow/],
  ['a byte too many', safetensors(one, 9), /need 8 bytes, but 9 follow/],
  ['leading white space', safetensors(` ${one}`, 8), /does not begin/],
  ['a byte-order mark', safetensors(Buffer.concat([bom, Buffer.from(one)]), 8), /does not begin/],
  ['an array', safetensors('[]', 0), /does not begin/],
  ['a header cut short', safetensors(one.slice(0, -1), 8), /expected \}/],
  ['more after the end', safetensors(`${one}{}`, 8), /more text after the end/],
  ['a trailing comma', safetensors(`{"a":${entry(0, 8)},}`, 8), /expected "/],
  ['deep nesting', safetensors(deep, 0), /expected \{/],
  ['a comment', safetensors(`{/* */"a":${entry(0, 8)}}`, 8), /expected "/],

  ['a tensor twice', safetensors(`{"a":${entry(0, 8)},"a":${entry(8, 16)}}`, 16), /"a" appears twice/],
  [
    'a tensor twice, spelled differently',
    safetensors(`{"a":${entry(0, 8)},"\\u0061":${entry(8, 16)}}`, 16),
    /"a" appears twice/,
  ],
  [
    '__proto__ twice',
    safetensors(`{"__proto__":${entry(0, 8)},"__proto__":${entry(8, 16)}}`, 16),
    /"__proto__" appears twice/,
  ],
  [
    '__metadata__ twice',
    safetensors('{"__metadata__":{},"__metadata__":{}}', 0),
    /"__metadata__" appears twice/,
  ],
  [
    'a metadata key twice',
    safetensors('{"__metadata__":{"x":"","x":""}}', 0),
    /"x" appears twice in __metadata__/,
  ],
  ['a metadata value that is no string', safetensors('{"__metadata__":{"x":1}}', 0), /expected "/],
  ['metadata that is no object', safetensors('{"__metadata__":"x"}', 0), /expected \{/],
  [
    'shape twice',
    safetensors(`{"a":{"shape":[2],"shape":[2],"dtype":"F32","data_offsets":[0,8]}}`, 8),
    /"shape" appears twice in the tensor "a"/,
  ],
  [
    'an unknown key',
    safetensors(`{"a":{"shape":[2],"dtype":"F32","data_offsets":[0,8],"__proto__":1}}`, 8),
    /"__proto__" is unknown/,
  ],
  ['a missing key', safetensors(`{"a":{"shape":[2],"data_offsets":[0,8]}}`, 8), /lacks its dtype/],
  [
    'one offset',
    safetensors(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}`, 8),
    /lacks its dtype, shape or two data_offsets/,
  ],
  [
    'three offsets',
    safetensors(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}`, 8),
    /more than 2 numbers/,
  ],
  ['an unknown type', safetensors(`{"a":${entry(0, 8, '[2]', '"F33"')}}`, 8), /unknown type "F33"/],
  [
    'a type from the prototype',
    safetensors(`{"a":${entry(0, 8, '[2]', '"constructor"')}}`, 8),
    /unknown type "constructor"/,
  ],
  ['a type that is no string', safetensors(`{"a":${entry(0, 8, '[2]', '1')}}`, 8), /expected "/],

  ...['-1', '1.0', '1e1', '1E1', '01', '+1', '"1"', 'null', 'true', 'NaN', '', '-0'].map(
    (number): [string, Buffer, RegExp] => [
      `the number ${number || '(none)'}`,
      safetensors(`{"a":${entry(0, 8, `[${number},2]`)}}`, 8),
      /expected a non-negative integer/,
    ],
  ),
  [
    'an offset over 2^53',
    safetensors(`{"a":${entry(0, '9007199254740993')}}`, 8),
    /an integer of 2\^53 or more/,
  ],
  [
    'an offset of a thousand digits',
    safetensors(`{"a":${entry(0, '9'.repeat(1000))}}`, 8),
    /an integer of 2\^53 or more/,
  ],
  ['offsets in reverse', safetensors(`{"a":${entry(8, 0)}}`, 8), /at bytes 8 to 0/],
  [
    'too few bytes for the shape',
    safetensors(`{"a":${entry(0, 4)}}`, 4),
    /bytes 0 to 4, but F32 \[2\] needs 8/,
  ],
  [
    'an impossible shape',
    safetensors(`{"a":${entry(0, 8, '[9007199254740991,9007199254740991]')}}`, 8),
    /impossible shape/,
  ],
  [
    'an impossible shape hidden by a zero',
    safetensors(`{"a":${entry(0, 0, '[9007199254740991,3,0]')}}`, 0),
    /impossible shape/,
  ],
  ['overlapping tensors', safetensors(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), /"b" overlaps/],
  ['the same bytes twice', safetensors(`{"a":${entry(0, 8)},"b":${entry(0, 8)}}`, 8), /"b" overlaps/],
  ['a gap', safetensors(`{"a":${entry(0, 8)},"b":${entry(12, 20)}}`, 20), /"b" leaves a gap/],
  ['a gap at the start', safetensors(`{"a":${entry(4, 12)}}`, 12), /"a" leaves a gap/],
  ['an offset beyond the file', safetensors(`{"a":${entry(2 ** 40, 2 ** 40 + 8)}}`, 8), /"a" leaves a gap/],

  ['an unfinished string', safetensors('{"a', 0), /a string that does not end/],
  ['a newline in a string', safetensors('{"a\n":1}', 0), /a control character/],
  ['an unknown escape', safetensors('{"\\x":1}', 0), /an unknown escape/],
  ['an unfinished escape', safetensors('{"\\u12', 0), /an unknown escape/],
  ['a name that is not UTF-8', safetensors(Buffer.from([0x7b, 0x22, 0xc3, 0x22]), 0), /not UTF-8/],
  [
    'a metadata value that is not UTF-8',
    safetensors(
      Buffer.concat([Buffer.from('{"__metadata__":{"x":"'), Buffer.from([0xff]), Buffer.from('"}}')]),
      0,
    ),
    /not UTF-8/,
  ],
  [
    'a very long name',
    safetensors(`{"${'a'.repeat(headerBounds.name + 1)}":${entry(0, 8)}}`, 8),
    /more than 256 bytes/,
  ],
  [
    'many dimensions',
    safetensors(`{"a":${entry(0, 8, `[${'1,'.repeat(headerBounds.dimensions)}2]`)}}`, 8),
    /more than 32 numbers/,
  ],
  [
    'much metadata',
    safetensors(
      `{"__metadata__":{${Array.from({ length: headerBounds.metadata + 1 }, (_, i) => `"${i}":""`)}}}`,
      0,
    ),
    /too many entries in __metadata__/,
  ],
];

for (const [what, bytes, reason] of refused) {
  test(`safetensors refuses: ${what}`, (t) => refuses(t, bytes, reason));
}

function refuses(t: TestContext, bytes: Buffer, reason: RegExp): void {
  assert.throws(
    () => readBytes(temporaryFolder(t), bytes),
    (error: { code: string; facts: { file: string; reason: string } }) => {
      assert.equal(error.code, 'safetensors-invalid', String(error));
      assert.equal(error.facts.file, 'model.safetensors');
      assert.match(error.facts.reason, reason);
      return true;
    },
  );
}

/** Enough to tell a copy of the header from the 16 MB beside it; the limit itself is three times as much to write. */
const hugeBytes = 32_000_000;

const huge: [string, () => Buffer, RegExp][] = [
  ['entries', manyEntries, /more than 4096 tensors/],
  ['one string', oneString, /a string that does not end/],
];

for (const [what, header, reason] of huge) {
  test(`a huge header of ${what} costs no more memory than its bytes and 16 MB`, (t) => {
    const folder = temporaryFolder(t);
    const file = path.join(folder, 'huge.safetensors');
    fs.writeFileSync(file, safetensors(header(), 0));
    const small = path.join(folder, 'small.safetensors');
    fs.writeFileSync(small, safetensors('{}', 0));
    const hostile = readInChild(file);
    assert.match(hostile.outcome, reason);
    const extra = hostile.peakBytes - readInChild(small).peakBytes;
    assert.ok(extra < fs.statSync(file).size + 16 * 2 ** 20, `${extra} bytes more`);
  });
}

function oneString(): Buffer {
  return Buffer.concat([Buffer.from('{"__metadata__":{"x":"'), Buffer.alloc(hugeBytes, '\\\\')]);
}

function manyEntries(): Buffer {
  const width = 66;
  const entries = Buffer.alloc(width * Math.floor(hugeBytes / width), ' ');
  for (let i = 0; i * width < entries.length; i++) {
    entries.write(`${i === 0 ? '{' : ','}"${i}":${entry(0, 0, '[0]')}`, width * i);
  }
  return entries;
}

/** Reads a header in a process of its own: what it said, and the most memory that the process ever held. */
function readInChild(file: string): { outcome: string; peakBytes: number } {
  const source = (name: string): string =>
    JSON.stringify(new URL(`../../../../src/inference/checkpoint/${name}`, import.meta.url).href);
  const script = `
    const { OpenedFile } = await import(${source('openedFile.ts')});
    const { readHeader } = await import(${source('safetensors.ts')});
    let outcome = 'read';
    try {
      readHeader(new OpenedFile('x', ${JSON.stringify(file)}));
    } catch (error) {
      outcome = error.message;
    }
    // Linux counts what the parent held at the fork into a child's maxRSS.
    const { readFileSync } = await import('node:fs');
    const peak = process.platform === 'linux'
      ? Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
      : process.resourceUsage().maxRSS;
    console.log(JSON.stringify({ outcome, peakBytes: peak * 1024 }));`;
  const args = ['--input-type=module', '--eval', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}
