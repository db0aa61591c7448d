/** Layers × heads, with one column more for the MLP: as matrices for the maps, each kind of part on its own scale. */
import type { Part } from '../../src/text/weightTree.ts';
import type { Matrix } from '../base/bitmap.ts';
import type { Cell } from '../base/heatMap.tsx';

/** One number per part: `[layer, head]` and `[layer]`; NaN where it is not known. */
export interface PartValues {
  layers: number;
  heads: number;
  ofHeads: Float32Array;
  ofMlps: Float32Array;
}

export function numberOf({ heads, ofHeads, ofMlps }: PartValues, { layer, head }: Part): number {
  return (head === null ? ofMlps[layer] : ofHeads[layer * heads + head]) ?? Number.NaN;
}

/** The largest magnitude that is known; 0 where there is none. */
export function largest(values: Float32Array): number {
  return values.reduce((most, value) => (Number.isNaN(value) ? most : Math.max(most, Math.abs(value))), 0);
}

/** In shares of the largest of their kind: what heads and MLPs write cannot be measured by one scale. */
export function matrixOf(values: PartValues): Matrix {
  const { layers, heads, ofHeads, ofMlps } = values;
  const columns = heads + 1;
  const [ofHead, ofMlp] = [largest(ofHeads) || 1, largest(ofMlps) || 1];
  const shares = new Float32Array(layers * columns);
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < heads; head++) {
      shares[layer * columns + head] = numberOf(values, { layer, head }) / ofHead;
    }
    shares[layer * columns + heads] = numberOf(values, { layer, head: null }) / ofMlp;
  }
  return { rows: layers, columns, values: shares };
}

export function partOf({ heads }: PartValues, { row, column }: Cell): Part {
  return { layer: row, head: column < heads ? column : null };
}

export function cellOf({ heads }: PartValues, { layer, head }: Part): Cell {
  return { row: layer, column: head ?? heads };
}

/** All heads by layer, then all MLPs. */
export function allParts({ layers, heads }: PartValues): Part[] {
  const rows = Array.from({ length: layers }, (_, layer) => layer);
  return [
    ...rows.flatMap((layer) => Array.from({ length: heads }, (_, head) => ({ layer, head }))),
    ...rows.map((layer) => ({ layer, head: null })),
  ];
}

/** 1 for the largest of its kind; equal values share the better rank. Null where it is not known. */
export function rankOf(values: PartValues, part: Part): number | null {
  const own = numberOf(values, part);
  if (Number.isNaN(own)) return null;
  const all = part.head === null ? values.ofMlps : values.ofHeads;
  return 1 + all.filter((value) => value > own).length;
}
