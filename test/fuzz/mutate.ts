/** Damages bytes the way bad disks, bad programs and bad people do. */

/** Numbers, names and syntax on which readers of these formats go wrong. */
const interesting = [
  ...['0', '-1', '1.5', '1e9', '9007199254740991', '9007199254740993', '18446744073709551615', '1e999', '00'],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    'null',
    'true',
    '[[[[',
    '{}',
    '[]',
    ' ',
    '\n',
  ],
  ...[
    '"__proto__"',
    '"__metadata__"',
    '"constructor"',
    '"dtype"',
    '"shape"',
    '"data_offsets"',
    '"transformer.',
  ],
  ...[
    '"F16"',
    '"BF16"',
    '"F64"',
    '"F4"',
    '"BOOL"',
    '"n_layer"',
    '"vocab_size"',
    '"added_tokens"',
    '"merges"',
    '""',
  ],
].map((text) => Buffer.from(text));

type Mutation = (bytes: Buffer, below: (limit: number) => number) => Buffer;

const ofBytes: readonly Mutation[] = [
  function flipBit(bytes, below) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[below(copy.length)]! ^= 1 << below(8);
    return copy;
  },
  function setByte(bytes, below) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[below(copy.length)] = below(256);
    return copy;
  },
  function cutEnd(bytes, below) {
    return bytes.subarray(0, below(bytes.length + 1));
  },
  function remove(bytes, below) {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(16))]);
  },
  function repeat(bytes, below) {
    const at = below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - below(200)))]);
  },
  function insert(bytes, below) {
    const at = below(bytes.length + 1);
    return Buffer.concat([
      bytes.subarray(0, at),
      interesting[below(interesting.length)]!,
      bytes.subarray(at),
    ]);
  },
];

/** These often leave the JSON a JSON. */
const ofWords: readonly Mutation[] = [
  function replaceWord(bytes, below) {
    const words = [...bytes.toString('latin1').matchAll(/"[^"]*"|\d+/g)];
    const word = words[below(words.length)];
    if (word === undefined) return bytes;
    const other = interesting[below(interesting.length)]!;
    return Buffer.concat([bytes.subarray(0, word.index), other, bytes.subarray(word.index + word[0].length)]);
  },
  function swapWords(bytes, below) {
    const words = [...bytes.toString('latin1').matchAll(/"[^"]*"|\d+/g)];
    const [from, to] = [words[below(words.length)], words[below(words.length)]];
    if (from === undefined || to === undefined) return bytes;
    const copy = Buffer.from(from[0], 'latin1');
    return Buffer.concat([bytes.subarray(0, to.index), copy, bytes.subarray(to.index + to[0].length)]);
  },
];

/** One mutation, or several after each other. */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  const below = (limit: number): number => Math.floor(random() * limit);
  let damaged = bytes;
  do {
    const mutations = random() < 0.6 ? ofWords : ofBytes;
    damaged = mutations[below(mutations.length)]!(damaged, below);
  } while (random() < 0.4);
  return damaged;
}
