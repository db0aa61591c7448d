/** A checkpoint's weights as a tree: embedding, blocks with their attention, heads and MLP, layer norms, unembedding. */
import type { Structure, WeightFacts } from '../protocol/results.ts';

/** What is known of all weights of a node together. */
export interface WeightSums {
  parameters: number;
  bytes: number;
  /** The types that occur, in the order of the forward pass. */
  dtypes: readonly string[];
  /** Frobenius norm, root mean square and largest magnitude of all values, and how many are outliers of their tensor. */
  norm: number;
  rms: number;
  most: number;
  outliers: number;
}

export type NodeKind =
  | 'model'
  | 'embedding'
  | 'block'
  | 'firstNorm'
  | 'attention'
  | 'head'
  | 'secondNorm'
  | 'mlp'
  | 'finalNorm'
  | 'unembedding'
  | 'tied'
  | 'tensor';

/** A head, or with `head: null` the MLP, of a layer; both counted from 0. */
export interface Part {
  layer: number;
  head: number | null;
}

export interface WeightNode {
  /** Unique in the tree, and the same each time the tree is made. */
  id: string;
  kind: NodeKind;
  /** The tensor's own name; null where it is not one tensor. */
  tensor: string | null;
  shape: readonly number[] | null;
  /** Null where nothing is stored for it: a head is a slice of its attention's tensors, a tied unembedding is wte. */
  sums: WeightSums | null;
  /** Values of a head's slices of c_attn and c_proj, which are counted there. */
  within: number | null;
  /** The block or the part that it is. */
  layer: number | null;
  part: Part | null;
  /** ‖W_V W_O‖ of a head, ‖W_in‖ · ‖W_out‖ of an MLP. */
  writes: number | null;
  children: readonly WeightNode[];
}

export function weightTree({ config, weights, ofHeads, ofMlps }: Structure): WeightNode {
  const { layers, heads, width, tied } = config;
  const tensors = weights.map(tensorNode);
  const under = (prefix: string) => tensors.filter(({ id }) => id.startsWith(prefix));
  const blocks = Array.from({ length: layers }, (_, layer) => {
    const at = `h.${layer}`;
    const headNodes = Array.from({ length: heads }, (_, head) => ({
      ...leaf(`${at}.attn.head.${head}`, 'head'),
      layer,
      part: { layer, head },
      within: (width / heads) * (4 * width + 3),
      writes: ofHeads[layer * heads + head] ?? null,
    }));
    const attention = group(`${at}.attn`, 'attention', [...under(`${at}.attn.`), ...headNodes]);
    const mlp = {
      ...group(`${at}.mlp`, 'mlp', under(`${at}.mlp.`)),
      layer,
      part: { layer, head: null },
      writes: ofMlps[layer] ?? null,
    };
    const children = [
      group(`${at}.ln_1`, 'firstNorm', under(`${at}.ln_1.`)),
      attention,
      group(`${at}.ln_2`, 'secondNorm', under(`${at}.ln_2.`)),
      mlp,
    ];
    return { ...group(at, 'block', children), layer };
  });
  const unembedding = tied
    ? { ...leaf('tied', 'tied'), shape: shapeOf(weights, 'wte.weight') }
    : group('lm_head', 'unembedding', under('lm_head.'));
  return group('model', 'model', [
    group('embedding', 'embedding', [...under('wte.'), ...under('wpe.')]),
    ...blocks,
    group('ln_f', 'finalNorm', under('ln_f.')),
    unembedding,
  ]);
}

/** The nodes from the root to the one with this id; empty if there is no such node. */
export function pathTo(root: WeightNode, id: string): WeightNode[] {
  if (root.id === id) return [root];
  for (const child of root.children) {
    const path = pathTo(child, id);
    if (path.length > 0) return [root, ...path];
  }
  return [];
}

/** The id of a part's node. */
export function idOfPart({ layer, head }: Part): string {
  return head === null ? `h.${layer}.mlp` : `h.${layer}.attn.head.${head}`;
}

function leaf(id: string, kind: NodeKind): WeightNode {
  const none = { tensor: null, shape: null, sums: null, within: null, layer: null, part: null, writes: null };
  return { id, kind, ...none, children: [] };
}

function tensorNode({ name, shape, dtype, ...facts }: WeightFacts): WeightNode {
  const { parameters, bytes, norm, rms, most, outliers } = facts;
  const sums = { parameters, bytes, dtypes: [dtype], norm, rms, most, outliers };
  return { ...leaf(name, 'tensor'), tensor: name, shape, sums };
}

function group(id: string, kind: NodeKind, children: readonly WeightNode[]): WeightNode {
  const all = children.flatMap(({ sums }) => sums ?? []);
  const total = (of: (sums: WeightSums) => number) => all.reduce((sum, sums) => sum + of(sums), 0);
  const parameters = total((sums) => sums.parameters);
  const norm = Math.sqrt(total((sums) => sums.norm ** 2));
  const sums: WeightSums = {
    parameters,
    bytes: total((sums) => sums.bytes),
    dtypes: [...new Set(all.flatMap(({ dtypes }) => dtypes))],
    norm,
    rms: parameters > 0 ? norm / Math.sqrt(parameters) : 0,
    most: all.reduce((most, sums) => Math.max(most, sums.most), 0),
    outliers: total((sums) => sums.outliers),
  };
  return { ...leaf(id, kind), sums, children };
}

function shapeOf(weights: readonly WeightFacts[], name: string): readonly number[] | null {
  return weights.find((weight) => weight.name === name)?.shape ?? null;
}
