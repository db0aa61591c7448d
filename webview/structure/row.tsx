import { Component } from 'preact';
import type { Numbers } from '../../src/text/numbers.ts';
import type { Label } from '../base/page.tsx';
import { shapeText } from './names.ts';
import type { TreeRow } from './treeRows.ts';

interface Props extends TreeRow {
  isOpen: boolean;
  isTabStop: boolean;
  isMarked: boolean;
  name: string;
  /** Parameters of the whole checkpoint. */
  total: number;
  effect: number | null;
  label: Label;
  numbers: Numbers;
}

/** Pixels per level. */
const indent = 14;

/** What a row looks like depends on; the tree has hundreds of rows, and one key changes two of them. */
const seen = [
  'node',
  'level',
  'place',
  'siblings',
  'isOpen',
  'isTabStop',
  'isMarked',
  'effect',
  'name',
] as const;

export class Row extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return seen.some((name) => next[name] !== this.props[name]);
  }

  override render() {
    return <Cells {...this.props} />;
  }
}

function Cells(props: Props) {
  const { node, level, place, siblings, isOpen, name, label, numbers, effect } = props;
  const { sums, tensor, part } = node;
  const hasChildren = node.children.length > 0;
  const isHead = part !== null && part.head !== null;
  const number = (value: number | null | undefined) => (value == null ? '' : numbers.value(value));
  return (
    <tr
      aria-level={level}
      aria-posinset={place}
      aria-setsize={siblings}
      aria-expanded={hasChildren ? isOpen : undefined}
      tabIndex={props.isTabStop ? 0 : -1}
      class={props.isMarked ? 'marked' : undefined}
      data-id={node.id}
    >
      <th scope="row" style={{ paddingInlineStart: `${(level - 1) * indent + 4}px` }}>
        <span class="twistie" aria-hidden="true">
          {hasChildren ? (isOpen ? '▾' : '▸') : ''}
        </span>
        <span class="name">{name}</span>
        {tensor && <code>{tensor}</code>}
        {node.kind === 'tied' && <span class="remark">{label('sameAsWte')}</span>}
        {isHead && (
          <button type="button" class="link" tabIndex={-1}>
            {label('showAttention')}
          </button>
        )}
      </th>
      <td>{shapeText(node.shape)}</td>
      <td class="number parameters">
        {node.kind === 'tied' ? '0' : <Parameters {...props} count={sums?.parameters ?? null} />}
      </td>
      <td class="number">{sums ? numbers.bytes(sums.bytes) : ''}</td>
      <td>{sums?.dtypes.join(', ') ?? ''}</td>
      <td class="number">{number(sums?.norm)}</td>
      <td class="number">{number(sums?.rms)}</td>
      <td class="number">{number(sums?.most)}</td>
      <td class="number">
        {sums && (sums.outliers === 0 ? '0' : outliersText(sums.outliers, sums.parameters, numbers))}
      </td>
      <td class="number">{number(node.writes)}</td>
      <td class="number">{effect === null ? '' : numbers.signed(effect)}</td>
    </tr>
  );
}

function outliersText(count: number, parameters: number, numbers: Numbers): string {
  return `${numbers.count(count)} (${numbers.percent(count / parameters)})`;
}

/** A bar for the share of all, and both as numbers; in brackets what is counted elsewhere. */
function Parameters({ node, count, total, numbers }: Props & { count: number | null }) {
  const own = count ?? node.within ?? 0;
  const share = total > 0 ? own / total : 0;
  const text = `${numbers.count(own)} · ${numbers.percent(share)}`;
  return (
    <>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class={count === null ? 'share within' : 'share'} width={share * 100} height="8" />
      </svg>
      {count === null ? `(${text})` : text}
    </>
  );
}
