/** The attention panel's page. */
import { useEffect, useMemo } from 'preact/hooks';
import { type AttentionPanel, attentionPanel } from '../../src/protocol/panels/attention.ts';
import type { AttentionThumbnails } from '../../src/protocol/results.ts';
import { withSigns } from '../../src/text/visible.ts';
import { useColours } from '../base/colours.ts';
import { Heading } from '../base/heading.tsx';
import { startPage } from '../base/page.tsx';
import { Standing } from '../base/standing.tsx';
import { useAnswer } from '../base/useAnswer.ts';
import { Heads } from './heads.tsx';
import { Opened } from './opened.tsx';
import { type AttentionOptions, attentionOptions } from './options.ts';
import { PredictionView } from './prediction.tsx';
import type { AttentionProps, ViewProps } from './viewProps.ts';
import './attention.css';

/** Rows and columns of a small map: as many as it has pixels on most screens. */
const thumbnailSize = 64;

startPage<AttentionPanel, AttentionOptions>(attentionPanel, attentionOptions, AttentionView);

function AttentionView(props: AttentionProps) {
  const { content, label, channel } = props;
  const { answer, problem, isPending } = useAnswer(
    channel,
    'thumbnails',
    { size: thumbnailSize },
    content.reading,
  );
  const colours = useColours();
  const { asked } = content;
  useEffect(() => {
    if (!asked || asked.id === props.options.opened) return;
    const { id, layer, head } = asked;
    props.choose({ view: 'head', layer, head, opened: id });
  }, [asked, props.options.opened, props.choose]);
  const view = { ...props, colours, options: fitting(props.options, answer) };
  return (
    <>
      <Heading level={1} pending={isPending ? label('reading') : null}>
        {label('title', withSigns(content.document))}
      </Heading>
      <Standing
        {...{ isCurrent: content.isCurrent, label }}
        onReadAgain={() => channel.order({ type: 'readAgain' })}
      />
      {problem && <p class="problem">{problem}</p>}
      {answer && <Known {...view} thumbnails={answer} />}
    </>
  );
}

/** Everything that needs to know how many heads there are. */
function Known(props: ViewProps & { thumbnails: AttentionThumbnails }) {
  const { thumbnails, content, channel, options, label, numbers } = props;
  const { receipt } = thumbnails;
  const { view, layer, head, withoutFirst } = options;
  const gradient = options.gradient && view !== 'rollout';
  const asked = {
    ...{ view, withoutFirst, gradient },
    layer: view === 'head' || view === 'layer' ? layer : 0,
    head: view === 'head' ? head : 0,
  };
  const map = useAnswer(channel, 'map', asked, content.reading);
  const prediction = useAnswer(channel, 'prediction', { without: options.without }, content.reading);
  // Measured once a map is there, because measuring takes longer than reading a text.
  const measured = useAnswer(channel, 'patterns', map.answer ? {} : null, receipt.model.sha256);
  const patterns = measured.answer?.model.sha256 === receipt.model.sha256 ? measured.answer : null;
  return (
    <>
      {receipt.droppedTokens > 0 && (
        <p class="remark">{label('dropped', numbers.count(receipt.droppedTokens))}</p>
      )}
      <Heads {...props} patterns={patterns} />
      {measured.problem && <p class="problem">{measured.problem}</p>}
      <Opened {...props} {...{ patterns, map }} />
      <PredictionView {...props} asked={prediction} />
    </>
  );
}

/** The choices, limited to the model's heads: they may have been made for another model. */
function fitting(options: AttentionOptions, model: AttentionThumbnails | null): AttentionOptions {
  return useMemo(() => {
    if (!model) return options;
    const { layers, heads } = model;
    const has = (one: { layer: number; head: number }) => one.layer < layers && one.head < heads;
    const open = has(options) ? {} : { layer: 0, head: 0 };
    return { ...options, ...open, without: options.without.filter(has) };
  }, [options, model]);
}
