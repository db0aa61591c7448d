/** What a person has chosen of the page, and what its parts are given. */
import * as v from 'valibot';
import type { AttributionPanel } from '../../src/protocol/panels/attribution.ts';
import { granularities } from '../../src/text/granularity.ts';
import type { PageProps } from '../base/page.tsx';

export const attributionOptions = v.object({
  view: v.fallback(v.picklist(['bars', 'waterfall', 'layers', 'compare']), 'bars'),
  order: v.fallback(v.picklist(['reading', 'strength']), 'reading'),
  granularity: v.fallback(v.picklist(granularities), 'token'),
  /** The second method of a comparison. */
  other: v.fallback(v.nullable(v.string()), null),
});
export type Options = v.InferOutput<typeof attributionOptions>;
export type Props = PageProps<AttributionPanel, Options>;
