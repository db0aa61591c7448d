/** The rows of the tree that are seen, and where the keys lead from one to another. */
import type { WeightNode } from '../../src/text/weightTree.ts';

export interface TreeRow {
  node: WeightNode;
  parent: WeightNode | null;
  /** 1 for the root. */
  level: number;
  /** Among its siblings, from 1. */
  place: number;
  siblings: number;
}

export function seenRows(root: WeightNode, isOpen: (id: string) => boolean): TreeRow[] {
  const rows: TreeRow[] = [];
  const add = (
    node: WeightNode,
    parent: WeightNode | null,
    level: number,
    place: number,
    siblings: number,
  ) => {
    rows.push({ node, parent, level, place, siblings });
    if (!isOpen(node.id)) return;
    for (const [i, child] of node.children.entries()) {
      add(child, node, level + 1, i + 1, node.children.length);
    }
  };
  add(root, null, 1, 1, 1);
  return rows;
}

/** All nodes that can be opened. */
export function openable(node: WeightNode): string[] {
  return node.children.length === 0 ? [] : [node.id, ...node.children.flatMap(openable)];
}

/** What a key does in a tree (ARIA Authoring Practices, tree view pattern); null: nothing. */
type TreeMove = { kind: 'go'; to: string } | { kind: 'open'; ids: string[] } | { kind: 'close'; id: string };

export function moveOf(
  key: string,
  rows: readonly TreeRow[],
  at: number,
  isOpen: (id: string) => boolean,
): TreeMove | null {
  const row = rows[at];
  if (!row) return null;
  const { node, parent } = row;
  const go = (to: TreeRow | undefined): TreeMove | null => (to ? { kind: 'go', to: to.node.id } : null);
  const hasChildren = node.children.length > 0;
  switch (key) {
    case 'ArrowDown':
      return go(rows[at + 1]);
    case 'ArrowUp':
      return go(rows[at - 1]);
    case 'Home':
      return go(rows[0]);
    case 'End':
      return go(rows.at(-1));
    case 'ArrowRight':
      if (!hasChildren) return null;
      return isOpen(node.id) ? go(rows[at + 1]) : { kind: 'open', ids: [node.id] };
    case 'ArrowLeft':
      if (hasChildren && isOpen(node.id)) return { kind: 'close', id: node.id };
      return parent && { kind: 'go', to: parent.id };
    case '*': {
      const beside = (parent?.children ?? [node]).filter(({ children }) => children.length > 0);
      return { kind: 'open', ids: beside.map(({ id }) => id) };
    }
    default:
      return null;
  }
}

/** The row that typed letters lead to: the next one whose name begins so, around the end. */
export function typedTo(typed: string, names: readonly string[], at: number): number | null {
  const wanted = typed.toLocaleLowerCase();
  // A first letter leads on; more letters may still mean the row that the first one led to.
  const first = at + (Array.from(typed).length > 1 ? 0 : 1);
  for (let step = 0; step < names.length; step++) {
    const index = (first + step) % names.length;
    if (names[index]!.toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return null;
}
