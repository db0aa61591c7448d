/**
 * What the extension host and a webview panel say to each other. Both sides check what they receive, because a webview
 * can be made to send anything. Texts and numbers come ready to be read, in the language of the editor: a webview only
 * draws. A webview can name no path and no command.
 */
import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const row = v.object({
  text: v.string(),
  /** Contribution, unnormalised. */
  score: v.number(),
  scoreText: v.string(),
  /** Of the sum of all |contributions|. */
  shareText: v.string(),
});
export type PanelRow = v.InferOutput<typeof row>;

/** What a colour means, and the |score| that gets the full one. */
const legendEntry = v.object({ side: v.picklist(['for', 'against']), meaning: v.string() });
export type PanelLegendEntry = v.InferOutput<typeof legendEntry>;

const fact = v.object({ name: v.string(), value: v.string() });
export type PanelFact = v.InferOutput<typeof fact>;

const explanation = v.object({
  /** What {@link FromPanel} refers to. */
  id: count,
  title: v.string(),
  legend: v.array(legendEntry),
  remarks: v.array(v.string()),
  /** In reading order. */
  rows: v.array(row),
  /** Σ and what it has to equal. */
  totals: v.array(fact),
  receipt: v.array(fact),
});
export type PanelExplanation = v.InferOutput<typeof explanation>;

const texts = v.object({
  empty: v.string(),
  detached: v.string(),
  order: v.string(),
  readingOrder: v.string(),
  byStrength: v.string(),
  token: v.string(),
  contribution: v.string(),
  share: v.string(),
  receipt: v.string(),
});
export type PanelTexts = v.InferOutput<typeof texts>;

export const toPanel = v.variant('type', [
  /** Answers `ready`. `explanation` is null when there is none now. */
  v.object({ type: v.literal('start'), texts, explanation: v.nullable(explanation) }),
  v.object({ type: v.literal('show'), explanation: v.nullable(explanation) }),
]);
export type ToPanel = v.InferOutput<typeof toPanel>;

export const fromPanel = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  /** A row is hovered or focused; null: none is any more. */
  v.object({ type: v.literal('point'), explanation: count, row: v.nullable(count) }),
]);
export type FromPanel = v.InferOutput<typeof fromPanel>;

/** What the webview keeps over a hidden tab and a window's reload. */
export const panelState = v.object({ texts, explanation: v.nullable(explanation), byStrength: v.boolean() });
export type PanelState = v.InferOutput<typeof panelState>;
