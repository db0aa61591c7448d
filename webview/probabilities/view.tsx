import { useMemo } from 'preact/hooks';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import { Standing } from '../base/standing.tsx';
import { Tabs } from '../base/tabs.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import { contextOf, type Props } from './common.ts';
import { DistributionView } from './distribution.tsx';
import { LensView } from './lens.tsx';
import { type Options, tabs } from './options.ts';
import { Strip } from './strip.tsx';

/** The text as tokens; below it what the model expects at the one that is looked at. */
export function View(props: Props) {
  const { content, options, choose, channel, label, numbers, pointed } = props;
  const { answer, problem, isPending } = useAnswer(channel, 'strip', {}, content.reading);
  const count = answer?.tokens.length ?? 0;
  const isPlaced = options.place?.reading === content.reading && (options.place.at ?? 0) < count;
  const at = isPlaced ? options.place!.at : null;
  const go = (place: number | null, change: Partial<Options> = {}) =>
    choose({ ...change, place: { reading: content.reading, at: place } });
  const token = at === null ? null : answer?.tokens[at];
  const context = contextOf(answer?.tokens ?? [], at ?? count);
  const place = { ...props, at, context };
  // A long text is not drawn again at each movement of a slider.
  const strip = useMemo(
    () =>
      answer && (
        <Strip {...{ answer, at, pointed, label, numbers, channel }} onPress={(pressed) => go(pressed)} />
      ),
    [answer, at, pointed, content.reading, label, numbers],
  );
  return (
    <>
      <h1>{label('title')}</h1>
      <Standing
        {...{ isCurrent: content.isCurrent, label }}
        onReadAgain={() => channel.order({ kind: 'read' })}
      />
      {problem && <p class="problem">{problem}</p>}
      {isPending && !answer && <p class="remark">{label('reading')}</p>}
      {answer && (
        <>
          {answer.receipt.droppedTokens > 0 && (
            <p class="remark">
              {label('dropped', numbers.count(answer.receipt.droppedTokens))} {label('windows')}
            </p>
          )}
          {strip}
          <h2>{context === '' ? label('atStart') : label('after', context)}</h2>
          {token?.rank === null && <p class="remark">{label('stripFirst', quoted(tokenName(token)))}</p>}
          {token?.rank !== null && (
            <Tabs
              title={label('views')}
              tabs={tabs.map((id) => ({ id, name: label(`${id}Tab`) }))}
              selected={options.tab}
              onSelect={(tab) => choose({ tab })}
            >
              {options.tab === 'distribution' ? (
                <DistributionView {...place} strip={answer} />
              ) : (
                <LensView {...place} count={count} onPlace={go} />
              )}
            </Tabs>
          )}
        </>
      )}
    </>
  );
}
