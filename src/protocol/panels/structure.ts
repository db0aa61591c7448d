/** What the structure panel shows and asks for. */
import * as v from 'valibot';
import { count, progress, receipt, shownToken } from './common.ts';
import type { PanelProtocol } from './page.ts';

const values = v.custom<Float32Array>((value) => value instanceof Float32Array);

/** As the engine tells it: see `Structure` in results.ts. */
const structure = v.object({
  info: v.object({ name: v.string(), sha256: v.string(), folder: v.string() }),
  config: v.object({
    layers: count,
    heads: count,
    width: count,
    inner: count,
    contextLength: count,
    vocabularySize: count,
    activation: v.string(),
    tied: v.boolean(),
  }),
  weights: v.array(
    v.object({
      name: v.string(),
      shape: v.array(count),
      dtype: v.picklist(['F32', 'F16', 'BF16']),
      parameters: count,
      bytes: count,
      norm: v.number(),
      rms: v.number(),
      most: v.number(),
      outliers: count,
    }),
  ),
  ofHeads: values,
  ofMlps: values,
});

const named = v.object({ ...shownToken, probability: v.number() });

/** As the engine tells it: see `Importance` in results.ts. NaN: not known yet. */
const importance = v.object({
  receipt: v.object({ ...receipt.entries, at: count, target: count, foil: v.nullable(count) }),
  target: named,
  foil: v.nullable(named),
  value: v.number(),
  layers: count,
  heads: count,
  ofHeads: values,
  ofMlps: values,
});

/** A token with its probability, as far as it is known before anything is measured. */
const choice = v.omit(named, ['id']);

export const structurePanel = {
  content: v.object({
    /** Names the checkpoint: what was read of another one is out of date. */
    model: v.string(),
    /** The text that importance is measured on; null: none was looked at yet. */
    text: v.nullable(
      v.object({
        /** Names the reading. */
        key: v.string(),
        /** The document's name. */
        title: v.string(),
        /** The end of what is read before the prediction. */
        tail: v.string(),
        /** The prediction that was explained; null: the model's own after the text, against its strongest competitor. */
        explained: v.nullable(v.object({ target: choice, foil: v.nullable(choice) })),
        isCurrent: v.boolean(),
      }),
    ),
  }),
  questions: {
    structure: {
      params: v.object({}),
      answer: v.object({ ...progress, structure: v.nullable(structure) }),
    },
    measure: {
      params: v.object({ key: v.string() }),
      answer: v.object({ ...progress, importance: v.nullable(importance) }),
    },
  },
  order: v.variant('kind', [
    /** Reads the text that a person looks at now. */
    v.object({ kind: v.literal('look') }),
    v.object({ kind: v.literal('open-head'), layer: count, head: count }),
  ]),
} as const satisfies PanelProtocol;
export type StructurePanel = typeof structurePanel;
