import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Numbers } from '../../src/text/numbers.ts';
import { idOfPart, type Part, pathTo, type WeightNode } from '../../src/text/weightTree.ts';
import { hasMoved } from '../base/hasMoved.ts';
import type { Label } from '../base/page.tsx';
import { nameOf } from './names.ts';
import { Row } from './row.tsx';
import { moveOf, seenRows, typedTo } from './treeRows.ts';

interface Props {
  root: WeightNode;
  model: string;
  expanded: readonly string[];
  /** The row that has the focus, or gets it. */
  current: string | null;
  marked: Part | null;
  /** What the prediction loses without a part; null: not known. */
  effectOf: (part: Part) => number | null;
  label: Label;
  numbers: Numbers;
  onExpand: (expanded: readonly string[]) => void;
  onCurrent: (id: string) => void;
  onPoint: (part: Part | null) => void;
  onOpenHead: (part: Part) => void;
}

/** Letters typed within this time belong together. */
const typingMs = 700;

/** Numbers are to the right in these. */
const columns = [
  ['name', false],
  ['shape', false],
  ['parameters', true],
  ['bytes', true],
  ['dtype', false],
  ['norm', true],
  ['rms', true],
  ['most', true],
  ['outliers', true],
  ['writes', true],
  ['effect', true],
] as const;

/** The checkpoint as a tree with columns: a treegrid whose rows have the focus. */
export function Tree(props: Props) {
  const { root, model, expanded, label, onExpand, onCurrent } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const typing = useRef({ text: '', until: 0 });
  const wantsFocus = useRef(false);
  /** What the pointer was moved to. */
  const pointed = useRef<Part | null>(null);
  const open = new Set(expanded);
  const isOpen = (id: string) => open.has(id);
  const rows = seenRows(root, isOpen);
  const found = rows.findIndex(({ node }) => node.id === props.current);
  const at = Math.max(0, found);
  const total = root.sums?.parameters ?? 0;

  // Before it is painted, so that the next key finds the row.
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    const row = body.current?.rows[at];
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  });

  function go(id: string): void {
    wantsFocus.current = true;
    onCurrent(id);
  }

  function toggle({ id, children }: WeightNode): void {
    if (children.length > 0) onExpand(isOpen(id) ? expanded.filter((one) => one !== id) : [...expanded, id]);
  }

  /** The node of the row that something happened in. */
  function nodeAt(event: Event): WeightNode | null {
    const target = event.target as Element;
    const id = target.closest<HTMLElement>('tr[data-id]')?.dataset.id;
    return rows.find(({ node }) => node.id === id)?.node ?? null;
  }

  function click(event: MouseEvent): void {
    const [node, target] = [nodeAt(event), event.target as Element];
    if (!node) return;
    if (node.part && target.closest('button')) props.onOpenHead(node.part);
    else if (target.closest('.name, .twistie')) toggle(node);
  }

  function focus(event: FocusEvent): void {
    const node = nodeAt(event);
    if (!node) return;
    if (node.id !== props.current) onCurrent(node.id);
    props.onPoint(node.part);
  }

  function hover(event: MouseEvent): void {
    if (!hasMoved(event)) return;
    pointed.current = nodeAt(event)?.part ?? null;
    if (!isSame(pointed.current, props.marked)) props.onPoint(pointed.current);
  }

  /** What has been marked by other means since stays. */
  function leave(): void {
    if (pointed.current && isSame(pointed.current, props.marked)) props.onPoint(null);
    pointed.current = null;
  }

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const node = rows[at]?.node;
    if (!node) return;
    const move = moveOf(event.key, rows, at, isOpen);
    if (move?.kind === 'go') go(move.to);
    else if (move?.kind === 'open') onExpand([...new Set([...expanded, ...move.ids])]);
    else if (move?.kind === 'close') onExpand(expanded.filter((id) => id !== move.id));
    else if (event.key === 'Enter' || (event.key === ' ' && !isTyping())) {
      if (node.part && node.part.head !== null) props.onOpenHead(node.part);
      else toggle(node);
    } else if (Array.from(event.key).length === 1) type(event.key);
    else return;
    event.preventDefault();
  }

  function isTyping(): boolean {
    return performance.now() < typing.current.until;
  }

  function type(letter: string): void {
    const text = isTyping() ? typing.current.text + letter : letter;
    typing.current = { text, until: performance.now() + typingMs };
    const names = rows.map(({ node }) => nameOf(node, model, label));
    const to = typedTo(text, names, at);
    if (to !== null) go(rows[to]!.node.id);
  }

  // A part whose row is folded away is marked on what it is folded into.
  const path = props.marked ? pathTo(root, idOfPart(props.marked)).map(({ id }) => id) : [];
  const firstClosed = path.findIndex((id) => !isOpen(id));
  const marked = path.length === 0 ? null : path[firstClosed < 0 ? path.length - 1 : firstClosed];

  return (
    <div class="scrolled tree">
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are a tree */}
      <table role="treegrid" aria-label={label('treeTitle')} aria-describedby="tree-help">
        <thead>
          <tr>
            {columns.map(([name, isNumber]) => (
              <th key={name} scope="col" class={isNumber ? 'number' : undefined}>
                {label(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody
          ref={body}
          onKeyDown={press}
          onClick={click}
          onFocusIn={focus}
          onMouseMove={hover}
          onMouseLeave={leave}
        >
          {rows.map((row, index) => (
            <Row
              key={row.node.id}
              {...row}
              isOpen={isOpen(row.node.id)}
              isTabStop={index === at}
              isMarked={row.node.id === marked}
              name={nameOf(row.node, model, label)}
              total={total}
              effect={row.node.part && props.effectOf(row.node.part)}
              label={label}
              numbers={props.numbers}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function isSame(one: Part | null, other: Part | null): boolean {
  return one === other || (one !== null && other !== null && idOfPart(one) === idOfPart(other));
}
