/** The structure panel's page. */
import { useMemo, useState } from 'preact/hooks';
import * as v from 'valibot';
import { type StructurePanel, structurePanel } from '../../src/protocol/panels/structure.ts';
import type { Structure } from '../../src/protocol/results.ts';
import { visible } from '../../src/text/visible.ts';
import { idOfPart, type Part, pathTo, weightTree } from '../../src/text/weightTree.ts';
import { useColours } from '../base/colours.ts';
import { ExportBar } from '../base/exportBar.tsx';
import { type PageProps, startPage } from '../base/page.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import { treeFigure } from './figures.ts';
import { ImportanceView } from './importance.tsx';
import { numberOf } from './parts.ts';
import './structure.css';
import { Tree } from './tree.tsx';
import { openable, seenRows } from './treeRows.ts';

const options = v.object({
  /** The nodes that are open, the row that the keyboard is on, and the reading that was measured. */
  expanded: v.fallback(v.array(v.string()), ['model']),
  current: v.fallback(v.nullable(v.string()), null),
  measured: v.fallback(v.nullable(v.string()), null),
});
type Options = v.InferOutput<typeof options>;
type Props = PageProps<StructurePanel, Options>;

function Page(props: Props) {
  const { content, channel, label, numbers } = props;
  const { answer, problem, isPending } = useAnswer(channel, 'structure', {}, content.model);
  const structure = answer?.structure ?? null;
  const progress = answer?.total ? numbers.percent(answer.done / answer.total) : null;
  return (
    <>
      {problem && <p class="problem">{problem}</p>}
      {isPending && (
        <p class="remark" aria-live="polite">
          {progress ? label('progressWeights', progress) : label('reading')}
        </p>
      )}
      {structure && <Checkpoint {...props} structure={structure} />}
    </>
  );
}

function Checkpoint(props: Props & { structure: Structure }) {
  const { content, structure, channel, label, numbers, options: chosen, choose } = props;
  const { config, info } = structure;
  const colours = useColours();
  const root = useMemo(() => weightTree(structure), [structure]);
  const [marked, setMarked] = useState<Part | null>(null);
  const [attempt, setAttempt] = useState(0);
  const key = content.text?.key ?? null;
  const isAsked = key !== null && chosen.measured === key;
  // A measurement of another text or model is not shown for this one.
  const about = `${content.model} ${key} ${attempt}`;
  const measured = useAnswer(channel, 'measure', isAsked ? { key } : null, about);
  const importance = isAsked ? (measured.answer?.importance ?? null) : null;
  const shown = { structure, root, importance, colours, label, numbers };
  const effectOf = (part: Part) => {
    const value = importance ? numberOf(importance, part) : Number.NaN;
    return Number.isNaN(value) ? null : value;
  };
  const openHead = ({ layer, head }: Part) => {
    if (head !== null) channel.order({ kind: 'open-head', layer, head });
  };
  const expanded = new Set(chosen.expanded);
  return (
    <>
      <h1>{visible(info.name)}</h1>
      <p class="remark">
        {label(
          'summary',
          ...[config.layers, config.heads, config.width, config.inner, config.contextLength].map(String),
          numbers.count(config.vocabularySize),
          config.activation,
        )}
      </p>
      <div class="treeBar">
        <button type="button" onClick={() => choose({ expanded: openable(root) })}>
          {label('openAll')}
        </button>
        <button type="button" onClick={() => choose({ expanded: ['model'] })}>
          {label('closeAll')}
        </button>
      </div>
      <Tree
        root={root}
        model={info.name}
        expanded={chosen.expanded}
        current={chosen.current}
        marked={marked}
        effectOf={effectOf}
        label={label}
        numbers={numbers}
        onExpand={(next) => choose({ expanded: [...next] })}
        onCurrent={(current) => choose({ current })}
        onPoint={setMarked}
        onOpenHead={openHead}
      />
      <p class="remark">{label('treeNote')}</p>
      <p class="remark" id="tree-help">
        {label('treeHelp')}
      </p>
      <ExportBar
        figure={treeFigure(
          shown,
          seenRows(root, (id) => expanded.has(id)),
        )}
        channel={channel}
        label={label}
      />
      <ImportanceView
        {...shown}
        text={content.text}
        isMeasuring={isAsked && measured.isPending}
        progress={measured.answer}
        problem={measured.problem}
        pointed={props.pointed === 0}
        marked={marked}
        channel={channel}
        onMeasure={() => {
          setAttempt(attempt + 1);
          choose({ measured: key });
        }}
        onCancel={() => choose({ measured: null })}
        onPoint={setMarked}
        onPress={(part) => {
          if (part.head !== null) openHead(part);
          else reveal(part);
        }}
      />
    </>
  );

  /** Opens the tree down to an MLP. */
  function reveal(part: Part): void {
    const path = pathTo(root, idOfPart(part)).map(({ id }) => id);
    choose({ expanded: [...new Set([...chosen.expanded, ...path])], current: path.at(-1) ?? null });
  }
}

startPage(structurePanel, options, Page);
