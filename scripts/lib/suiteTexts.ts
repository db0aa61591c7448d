/** Candidates for the suites of `whytoken evaluate`: texts with a target, a foil, and where the evidence for the target is. */
import { randomNumbers } from '../../src/inference/generation/sampling.ts';

export interface Example {
  text: string;
  target: string;
  foil: string;
  /** UTF-16 ranges of the text. */
  evidence: [start: number, end: number][];
}

type Draw = <T>(from: readonly T[]) => T;

/** Endless: each draws its words anew. */
export const suites: Readonly<Record<string, () => Generator<Example>>> = {
  agreement: () => endless(1, agreement),
  induction: () => endless(2, induction),
  brackets: () => endless(3, brackets),
  ioi: () => endless(4, indirectObject),
};

function* endless(seed: number, make: (draw: Draw) => Example): Generator<Example> {
  const uniform = randomNumbers(seed, 0);
  const draw: Draw = (from) => from[Math.floor(uniform() * from.length)]!;
  for (;;) yield make(draw);
}

/** A text of parts; those in brackets of an array are the evidence. */
function written(parts: readonly (string | [string])[]): Pick<Example, 'text' | 'evidence'> {
  let text = '';
  const evidence: Example['evidence'] = [];
  for (const part of parts) {
    const said = typeof part === 'string' ? part : part[0];
    if (typeof part !== 'string') evidence.push([text.length, text.length + said.length]);
    text += said;
  }
  return { text, evidence };
}

const nouns = [
  ['man', 'men'],
  ['woman', 'women'],
  ['child', 'children'],
  ['boy', 'boys'],
  ['girl', 'girls'],
  ['friend', 'friends'],
  ['house', 'houses'],
  ['book', 'books'],
  ['letter', 'letters'],
  ['horse', 'horses'],
  ['door', 'doors'],
  ['file', 'files'],
  ['key', 'keys'],
  ['ship', 'ships'],
  ['tree', 'trees'],
  ['sister', 'sisters'],
] as const;
const joints = ['of', 'near', 'with', 'behind', 'beside'];
const verbs = [
  ['is', 'are'],
  ['was', 'were'],
  ['has', 'have'],
] as const;

/** Subject–verb agreement with an attractor of the other number (Linzen et al. 2016): the subject is the evidence. */
function agreement(draw: Draw): Example {
  const number = draw([0, 1]);
  const [subject, attractor, verb] = [draw(nouns), draw(nouns), draw(verbs)];
  const parts = ['The', [` ${subject[number]}`] as [string], ` ${draw(joints)} the ${attractor[1 - number]}`];
  return { ...written(parts), target: ` ${verb[number]}`, foil: ` ${verb[1 - number]}` };
}

const words = [
  ...[
    'man',
    'house',
    'time',
    'day',
    'world',
    'hand',
    'water',
    'room',
    'night',
    'life',
    'way',
    'name',
    'place',
  ],
  ...[
    'head',
    'door',
    'word',
    'work',
    'mother',
    'father',
    'people',
    'country',
    'heart',
    'light',
    'face',
    'town',
  ],
  ...[
    'file',
    'list',
    'value',
    'path',
    'line',
    'type',
    'code',
    'data',
    'string',
    'number',
    'error',
    'test',
    'key',
  ],
];

/** A row of words that begins again (Olsson et al. 2022, induction): where the next one stood is the evidence. */
function induction(draw: Draw): Example {
  const row: string[] = [];
  while (row.length < 8) {
    const word = draw(words);
    if (!row.includes(word)) row.push(word);
  }
  const again = draw([2, 3, 4]);
  const target = row[again]!;
  const foil = draw(row.filter((word, at) => word !== target && at !== again - 1));
  const parts = row.map((word, at) => (at === again ? ([` ${word}`] as [string]) : ` ${word}`));
  const repeated = row.slice(0, again).map((word) => ` ${word}`);
  return { ...written([...parts, '.', ...repeated]), target: ` ${target}`, foil: ` ${foil}` };
}

const pairs = [
  ['(', ')'],
  ['[', ']'],
] as const;

/** Which bracket is open: it is the evidence, and a closed pair of the other kind leads astray. */
function brackets(draw: Draw): Example {
  const which = draw([0, 1]);
  const [open, other] = [pairs[which]!, pairs[1 - which]!];
  const [name, inner, more] = [draw(words), draw(words), draw(words)];
  const before = draw([`${more} = `, `return `, `if `, `${more}.append`, `print`]);
  const astray = draw([`${other[0]}${inner}${other[1]}`, `${other[0]}0${other[1]}`]);
  const parts = [`${before}${name}`, [open[0]] as [string], `${draw(words)}${astray}`];
  return { ...written(parts), target: open[1], foil: other[1] };
}

const names = [
  ...['John', 'Mary', 'James', 'Tom', 'Anne', 'Jane', 'Peter', 'Paul', 'George', 'Emma', 'Alice', 'David'],
  ...[
    'Elizabeth',
    'Harriet',
    'Catherine',
    'Edward',
    'Henry',
    'Charles',
    'William',
    'Frank',
    'Martin',
    'Elinor',
  ],
];
const places = ['house', 'garden', 'school', 'town', 'church', 'door', 'market', 'room'];
const things = ['book', 'letter', 'key', 'flower', 'glass of water', 'hand'];

/** Indirect object identification (Wang et al. 2023): the name that was said once is the evidence. */
function indirectObject(draw: Draw): Example {
  const giver = draw(names);
  const receiver = draw(names.filter((name) => name !== giver));
  const first = draw([0, 1]);
  const pair: (string | [string])[] =
    first === 0 ? [` ${giver}`, ' and', [` ${receiver}`]] : [[` ${receiver}`], ' and', ` ${giver}`];
  const parts = [
    draw(['When', 'After', 'While', 'Then,']),
    ...pair,
    ` went to the ${draw(places)}, ${giver} gave a ${draw(things)} to`,
  ];
  return { ...written(parts), target: ` ${receiver}`, foil: ` ${giver}` };
}
