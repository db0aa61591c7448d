import type { Range } from 'vscode';

/** What the pictures of the attention overlay are drawn from: arcs from the keys to the query, and the card at it. */
export interface AttentionPicture {
  query: Range;
  /** In the order of the text, with the weights of the view. */
  keys: { range: Range; weight: number }[];
  layers: number;
  heads: number;
  /** `[layer, head, key]`. */
  rows: Float32Array;
  /** The head that is shown, if it is a single one. */
  chosen: { layer: number; head: number } | null;
  next: { text: string; name?: string; probability: number; probabilityText: string }[];
  title: string;
  caption: string;
  nextTitle: string;
}
