import { useMemo } from 'preact/hooks';
import type { ContentOf } from '../../src/protocol/panels/page.ts';
import type { StructurePanel } from '../../src/protocol/panels/structure.ts';
import type { PartialImportance as Measured } from '../../src/protocol/results.ts';
import { idOfPart, type Part, pathTo } from '../../src/text/weightTree.ts';
import type { Channel } from '../base/channel.ts';
import { ExportBar } from '../base/exportBar.tsx';
import { Facts } from '../base/facts.tsx';
import { Standing } from '../base/standing.tsx';
import { TableTwin } from '../base/tableTwin.tsx';
import { CorrelationTable } from './correlations.tsx';
import { importanceFigure, importanceTable, type Shown, writesOf } from './figures.ts';
import { PartMap } from './maps.tsx';
import { pathName } from './names.ts';
import { numberOf, rankOf } from './parts.ts';
import { Question } from './question.tsx';
import { importanceFacts } from './receipt.ts';

interface Props extends Shown {
  text: ContentOf<StructurePanel>['text'];
  importance: Measured | null;
  isMeasuring: boolean;
  progress: { done: number; total: number | null } | null;
  problem: string | null;
  pointed: boolean;
  marked: Part | null;
  channel: Channel<StructurePanel>;
  onMeasure: () => void;
  onCancel: () => void;
  onPoint: (part: Part | null) => void;
  onPress: (part: Part) => void;
}

/** How much heads and MLPs matter: judged by the weights alone and, beside it, as measured. */
export function ImportanceView(props: Props) {
  const { structure, root, importance, label, numbers, colours, channel } = props;
  const writes = useMemo(() => writesOf(structure), [structure]);
  const name = (part: Part) => pathName(pathTo(root, idOfPart(part)), structure.info.name, label);
  const sayWrites = (part: Part) => {
    const all = part.head === null ? writes.ofMlps : writes.ofHeads;
    const number = numbers.value(numberOf(writes, part));
    return label('sayWrites', name(part), number, rankOf(writes, part) ?? '', all.length);
  };
  const sayEffect = (part: Part) => {
    const value = importance ? numberOf(importance, part) : Number.NaN;
    if (Number.isNaN(value)) return label('sayUnknown', name(part));
    return label('sayEffect', name(part), numbers.signed(value));
  };
  const shared = {
    colours,
    marked: props.marked,
    label,
    numbers,
    onPoint: props.onPoint,
    onPress: props.onPress,
  };
  return (
    <section class="importance" aria-labelledby="importance">
      <h2 id="importance">{label('importance')}</h2>
      <div class="maps">
        <section>
          <h3>{label('fromWeights')}</h3>
          <PartMap
            values={writes}
            kind="sequential"
            title={label('fromWeights')}
            help={label('writesHelp')}
            say={sayWrites}
            {...shared}
          />
        </section>
        <section>
          <h3>{label('measured')}</h3>
          {importance ? (
            <PartMap
              values={importance}
              kind="diverging"
              title={label('measured')}
              help={label('effectHelp')}
              say={sayEffect}
              {...shared}
            />
          ) : (
            <p class="remark">{label('effectHelp')}</p>
          )}
          <Ask {...props} />
        </section>
      </div>
      {importance && (
        <CorrelationTable writes={writes} effects={importance} label={label} numbers={numbers} />
      )}
      <TableTwin
        table={() => importanceTable(props)}
        title={label('asTable')}
        more={(count) => label('more', numbers.count(count))}
      />
      {importance && (
        <details>
          <summary>{label('receipt')}</summary>
          <Facts
            facts={importanceFacts(importance, { label, numbers }).map(([name, value]) => ({ name, value }))}
          />
        </details>
      )}
      <ExportBar figure={importanceFigure(props)} channel={channel} label={label} />
    </section>
  );
}

/** The text, the question, and what starts and stops the measurement. */
function Ask(props: Props) {
  const { text, structure, importance, progress, problem, label, numbers, channel, isMeasuring } = props;
  const look = (name: string) => (
    <button type="button" onClick={() => channel.order({ kind: 'look' })}>
      {label(name)}
    </button>
  );
  if (!text) {
    return (
      <p class="ask">
        {label('noText')} {look('readText')}
      </p>
    );
  }
  const { layers, heads } = structure.config;
  const isReading = progress === null || progress.total === null;
  const dropped = importance?.receipt.droppedTokens ?? 0;
  return (
    <div class="ask">
      <Standing
        {...{ isCurrent: text.isCurrent, label }}
        onReadAgain={() => channel.order({ kind: 'look' })}
      />
      <Question
        text={text}
        importance={importance}
        pointed={props.pointed}
        onPoint={(token) => channel.point(token)}
        label={label}
        numbers={numbers}
      />
      {dropped > 0 && <p class="remark">{label('dropped', numbers.count(dropped))}</p>}
      {problem && <p class="problem">{problem}</p>}
      {isMeasuring ? (
        <p class="progress">
          <progress
            aria-label={label('measured')}
            max={progress?.total ?? 1}
            {...(!isReading && { value: progress.done })}
          />
          <output>
            {isReading
              ? label('progressReading')
              : label('progress', numbers.count(progress.done), numbers.count(progress.total ?? 0))}
          </output>
          <button type="button" onClick={props.onCancel}>
            {label('cancel')}
          </button>
        </p>
      ) : (
        (!importance || problem) && (
          <p>
            <button type="button" class="main" onClick={props.onMeasure}>
              {label('measureOn', text.title)}
            </button>{' '}
            <span class="remark">{label('whatIsDone', numbers.count(layers * (heads + 1)))}</span>
          </p>
        )
      )}
      {text.isCurrent && !isMeasuring && <p>{look('readAgain')}</p>}
    </div>
  );
}
