/** What a person chooses on the page. */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const listLengths = [10, 20, 50, 100] as const;
export const tabs = ['distribution', 'lens'] as const;

export const options = v.object({
  /** Of the text with this number; null: its end. */
  place: v.fallback(v.nullable(v.object({ reading: count, at: v.nullable(count) })), null),
  /** Null: as the settings have it. */
  sampling: v.fallback(
    v.nullable(v.object({ temperature: v.number(), topK: count, topP: v.number() })),
    null,
  ),
  listed: v.fallback(v.picklist(listLengths), 20),
  tab: v.fallback(v.picklist(tabs), 'distribution'),
  /** The token that is followed through the layers. */
  follow: v.fallback(
    v.nullable(
      v.variant('kind', [
        v.object({ kind: v.literal('id'), id: count }),
        v.object({ kind: v.literal('text'), text: v.string() }),
      ]),
    ),
    null,
  ),
  everyCell: v.fallback(v.boolean(), false),
});
export type Options = v.InferOutput<typeof options>;
