import * as v from 'valibot';
import { mapViews } from '../../src/protocol/panels/attention.ts';
import { headIndex } from '../../src/protocol/results/heads.ts';

const index = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a person chose; none of it depends on the text. */
export const attentionOptions = v.object({
  view: v.fallback(v.picklist(mapViews), 'mean'),
  /** The head that is open; the view `layer` is of its layer. */
  layer: v.fallback(index, 0),
  head: v.fallback(index, 0),
  withoutFirst: v.fallback(v.boolean(), false),
  gradient: v.fallback(v.boolean(), false),
  /** As a part of the largest weight: what is less is drawn as zero. The slider's place is its square root. */
  threshold: v.fallback(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0.1),
  drawing: v.fallback(v.picklist(['map', 'arcs']), 'map'),
  /** The token whose keys are listed, by its index; null: the last one. */
  query: v.fallback(v.nullable(index), null),
  /** The last `asked` of the content that was opened. */
  opened: v.fallback(v.nullable(index), null),
  /** Heads that are switched off. */
  without: v.fallback(v.array(headIndex), []),
});
export type AttentionOptions = v.InferOutput<typeof attentionOptions>;
