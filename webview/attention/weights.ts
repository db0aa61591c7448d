/** Reading a map: its names, and the strongest weights of a row or of the whole. */

import type { AttentionMap } from '../../src/protocol/results.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted, visible } from '../../src/text/visible.ts';

export interface Weight {
  /** Cells of the map: tokens, unless it was pooled. */
  query: number;
  key: number;
  weight: number;
}

/** The cell of a token, as the engine defines it. */
export const cellOf = ({ size, tokens }: AttentionMap, token: number) =>
  Math.floor((token * size) / tokens.length);

/** The first token in a cell. */
export const tokenOf = ({ size, tokens }: AttentionMap, cell: number) =>
  Math.ceil((cell * tokens.length) / size);

/** Of rows and columns. A cell of several tokens is named by the first of them. */
export function cellNames(map: AttentionMap): string[] {
  const more = map.size < map.tokens.length ? ' …' : '';
  return Array.from({ length: map.size }, (_, cell) => {
    const name = nameOf(map, tokenOf(map, cell));
    // The space in front of most words would only push the names out of line.
    return (name.trim() || '␣') + more;
  });
}

/** As it is shown: never empty. */
export function nameOf({ tokens }: Pick<AttentionMap, 'tokens'>, token: number): string {
  return visible(textIn(tokens, token)) || '∅';
}

/** The first token of a cell, in quotes. */
export const quotedCell = (map: AttentionMap, cell: number) => quoted(textIn(map.tokens, tokenOf(map, cell)));

function textIn(tokens: AttentionMap['tokens'], token: number): string {
  return tokenName(tokens[token] ?? { text: '' });
}

/** The strongest keys of a query, none of them 0 or below the threshold. */
export function strongestKeys(
  { size, weights }: AttentionMap,
  query: number,
  least: number,
  most: number,
): Weight[] {
  const found: Weight[] = [];
  for (let key = 0; key <= query; key++) {
    const weight = weights[query * size + key]!;
    if (weight > 0 && weight >= least) found.push({ query, key, weight });
  }
  return found.sort((one, other) => other.weight - one.weight).slice(0, most);
}

/** The strongest pairs of the whole map, at most `most` of them. */
export function strongestPairs(map: AttentionMap, least: number, most: number): Weight[] {
  const { size, weights } = map;
  // Sorting half a million pairs takes a second, sorting their weights a few hundredths.
  const drawn = weights.filter((weight) => weight > 0 && weight >= least).sort();
  const limit = drawn[Math.max(0, drawn.length - most)] ?? Number.POSITIVE_INFINITY;
  const found: Weight[] = [];
  for (let query = 0; query < size; query++) {
    for (let key = 0; key <= query; key++) {
      const weight = weights[query * size + key]!;
      if (weight >= limit) found.push({ query, key, weight });
    }
  }
  return found.sort((one, other) => other.weight - one.weight).slice(0, most);
}
