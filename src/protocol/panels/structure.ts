/** What the structure panel shows and asks for. */
import * as v from 'valibot';
import { headIndex } from '../results/heads.ts';
import { partialImportance } from '../results/importance.ts';
import { structure } from '../results/structure.ts';
import { probableToken } from '../results/tokens.ts';
import { progress } from './common.ts';
import type { PanelProtocol } from './page.ts';

/** A token, with its probability if that is known before anything is measured. */
const choice = v.omit(probableToken, ['id']);

export const structurePanel = {
  content: v.object({
    /** Identifies the checkpoint: what was read of another one is out of date. */
    model: v.string(),
    /** The text that importance is measured on; null if no text was looked at yet. */
    text: v.nullable(
      v.object({
        /** Identifies the reading. */
        key: v.string(),
        /** The document's name. */
        title: v.string(),
        /** The end of what is read before the prediction. */
        tail: v.string(),
        /**
         * The prediction that was explained; null for the model's own after the text, against its strongest competitor.
         */
        explained: v.nullable(v.object({ target: choice, foil: v.nullable(choice) })),
        isCurrent: v.boolean(),
      }),
    ),
  }),
  questions: {
    structure: {
      params: v.object({}),
      answer: v.object({ ...progress.entries, structure: v.nullable(structure) }),
    },
    measure: {
      params: v.object({ key: v.string() }),
      answer: v.object({ ...progress.entries, importance: v.nullable(partialImportance) }),
    },
  },
  order: v.variant('kind', [
    /** Read the text that a person is looking at now. */
    v.object({ kind: v.literal('look') }),
    v.object({ kind: v.literal('open-head'), ...headIndex.entries }),
  ]),
} as const satisfies PanelProtocol;
export type StructurePanel = typeof structurePanel;
