/** Schemas of the requests' parameters. */
import * as v from 'valibot';
import { limits } from '../protocol/limits.ts';
import { methodChoice } from '../protocol/methods.ts';
import { baselines, objectives } from '../protocol/objectives.ts';
import { anyIndex, integer, integerOrAuto, oneOf, real } from '../protocol/values.ts';

const flag = v.boolean('true | false');
const seed = anyIndex;

const path = v.custom<string>((x) => typeof x === 'string' && x !== '' && !x.includes('\0'), 'a path');

const text = v.string('a text');

const modelText = { modelDir: path, text, bos: flag };

const range = v.object({ start: v.number('a number'), end: v.number('a number') }, '{start, end}');

const tokenText = v.object({ kind: v.literal('text'), text });
const tokenId = v.object({ kind: v.literal('id'), id: anyIndex });
const topToken = v.object({ kind: v.literal('top') });
const noToken = v.object({ kind: v.literal('none') });
const actualToken = v.object({ kind: v.literal('actual') });

const atEnd = v.object({ kind: v.literal('end') });
const atToken = v.object({ kind: v.literal('token'), index: anyIndex });
const atOffset = v.object({ kind: v.literal('offset'), offset: anyIndex });

/** Half a character cannot be generated. */
const stopText = v.custom<string>(
  (x) => typeof x === 'string' && x !== '' && x.length <= limits.stopText && x.isWellFormed(),
  `a text, 1 … ${limits.stopText}`,
);
const stopTexts = v.pipe(
  v.array(stopText, 'a list of texts'),
  v.maxLength(limits.stopTexts, `0 … ${limits.stopTexts} texts`),
);

const mapIndex = integer(0, 65_535);
const maps = v.nullable(v.array(mapIndex, 'a list of indices'));

const position = v.variant('kind', [atEnd, atToken, atOffset], 'end | token | offset');
const target = v.variant('kind', [topToken, tokenId, tokenText, actualToken], 'top | id | text | actual');
const foil = v.variant('kind', [topToken, tokenId, tokenText, noToken], 'top | id | text | none');

const oneHead = v.object({ kind: v.literal('head'), layer: mapIndex, head: mapIndex });
const oneLayer = v.object({ kind: v.literal('layer'), layer: mapIndex });
const meanOfAll = v.object({ kind: v.literal('mean') });
const rollout = v.object({ kind: v.literal('rollout') });
const maxOfAll = v.object({ kind: v.literal('max') });

const heads = v.pipe(
  v.array(v.object({ layer: mapIndex, head: mapIndex }, '{layer, head}'), 'a list of heads'),
  v.maxLength(limits.heads, `0 … ${limits.heads} heads`),
);
const mapSize = integer(1, limits.mapSize);

export const handshake = v.object({ protocolVersion: v.number('a number') }, 'an object');

export const load = v.object({ modelDir: path }, 'an object');

export const explain = v.intersect([
  v.object(
    {
      ...modelText,
      range,
      at: position,
      target,
      foil,
      objective: oneOf(objectives),
      baseline: oneOf(baselines),
    },
    'an object',
  ),
  methodChoice,
]);

export const score = v.object(
  {
    ...modelText,
    range: v.nullable(range),
    top: integer(0, limits.alternatives),
    stride: v.nullable(integerOrAuto(limits.stride)),
  },
  'an object',
);

export const generate = v.object(
  {
    ...modelText,
    sequences: integer(1, limits.sequences),
    maxTokens: integer(0, limits.generatedTokens),
    seed,
    temperature: real(0, 100),
    topK: anyIndex,
    topP: real(0, 1),
    repetitionPenalty: real(0.1, 10),
    stop: stopTexts,
    first: v.nullable(anyIndex),
  },
  'an object',
);

export const attention = v.object({ ...modelText, layers: maps, heads: maps }, 'an object');

export const attend = v.object(
  {
    ...modelText,
    offset: anyIndex,
    view: v.variant('kind', [oneHead, oneLayer, meanOfAll, rollout], 'head | layer | mean | rollout'),
    withoutFirst: flag,
    top: integer(0, limits.alternatives),
  },
  'an object',
);

export const distribution = v.object(
  {
    ...modelText,
    at: position,
    top: integer(1, limits.alternatives),
    temperature: real(0, 100),
    topK: anyIndex,
    topP: real(0, 1),
    without: heads,
  },
  'an object',
);

export const lens = v.object(
  {
    ...modelText,
    range: v.nullable(range),
    follow: v.nullable(v.variant('kind', [topToken, tokenId, tokenText], 'top | id | text')),
  },
  'an object',
);

export const attentionMap = v.object(
  {
    ...modelText,
    view: v.variant(
      'kind',
      [oneHead, oneLayer, meanOfAll, maxOfAll, rollout],
      'head | layer | mean | max | rollout',
    ),
    size: v.nullable(mapSize),
    withoutFirst: flag,
    gradient: v.nullable(v.object({ at: position, target, foil }, '{at, target, foil}')),
  },
  'an object',
);

export const thumbnails = v.object({ ...modelText, size: mapSize }, 'an object');

export const headPatterns = v.object(
  {
    modelDir: path,
    seed,
    length: integer(2, limits.patternLength),
    sequences: integer(1, limits.patternSequences),
  },
  'an object',
);

export const importance = v.object({ ...modelText, at: position, target, foil }, 'an object');
