/** What a person has chosen of the page, and what its parts are given. */
import * as v from 'valibot';
import type { AttributionPanel } from '../../src/protocol/panels/attribution.ts';
import { granularities } from '../../src/text/granularity.ts';
import type { PageProps } from '../base/page.tsx';

export const viewIds = [
  ...(['bars', 'waterfall', 'layers', 'components', 'compare'] as const),
  ...(['removal', 'choices', 'evidence'] as const),
] as const;

export const attributionOptions = v.object({
  view: v.fallback(v.picklist(viewIds), 'bars'),
  order: v.fallback(v.picklist(['reading', 'strength']), 'reading'),
  /** Null: as suits the text. */
  granularity: v.fallback(v.nullable(v.picklist(granularities)), null),
  /** The second method of a comparison. */
  other: v.fallback(v.nullable(v.string()), null),
  /** The token that is removed, as one of its word or line; null: the strongest. */
  removed: v.fallback(v.nullable(v.number()), null),
  /** When the editor last asked for one to be removed. */
  asked: v.fallback(v.number(), 0),
});
type Chosen = v.InferOutput<typeof attributionOptions>;
export type ChosenProps = PageProps<AttributionPanel, Chosen>;

export interface Options extends Chosen {
  granularity: NonNullable<Chosen['granularity']>;
}

export interface Props extends PageProps<AttributionPanel, Options> {
  /** The lines whose tokens are shown one by one, each by its first token. */
  opened: ReadonlySet<number>;
  /** Shows the tokens of the line that a token is in, or the line as one again. */
  toggleLine: (token: number) => void;
}

/** More bars than this are a page of many screens. */
const mostTokens = 120;

/** What is shown until somebody chooses: of a long text its lines, if it has several. */
export function usualGranularity({ tokens, groups }: Props['content']): Options['granularity'] {
  return tokens.length > mostTokens && groups.line.length > 2 ? 'line' : 'token';
}
