/** From the host's messages to what is on screen. A panel's page is one call of {@link startPage}. */
import { type ComponentType, render } from 'preact';
import * as v from 'valibot';
import type { ContentOf, Labels, PanelProtocol } from '../../src/protocol/panels/page.ts';
import { Numbers } from '../../src/text/numbers.ts';
import { Channel } from './channel.ts';
import { seldom } from './seldom.ts';
import './base.css';

/** A label by its name, with {0}, {1} … filled in. */
export type Label = (name: string, ...values: (string | number)[]) => string;

/** What every view is given. */
export interface PageProps<P extends PanelProtocol, O> {
  content: ContentOf<P>;
  label: Label;
  numbers: Numbers;
  /** What a person chose on this page; it outlives the tab. */
  options: O;
  choose: (change: Partial<O>) => void;
  channel: Channel<P>;
  /** The token that is pointed at in the editor. */
  pointed: number | null;
  /** False for content that was restored after the host had forgotten it. */
  linked: boolean;
}

interface Shown<P extends PanelProtocol, O> {
  locale: string;
  labels: Labels;
  content: ContentOf<P> | null;
  options: O;
}

/** Between one writing of what is to outlive the tab and the next. */
const keepMilliseconds = 100;

function labelsFrom(labels: Labels): Label {
  return (name, ...values) =>
    (labels[name] ?? name).replace(/\{(\d+)\}/g, (whole, index) => String(values[Number(index)] ?? whole));
}

/**
 * @param options schema of what a person can choose, with a fallback for each: `v.fallback(…)`
 * @param View draws a content
 */
export function startPage<P extends PanelProtocol, O extends object>(
  protocol: P,
  options: v.GenericSchema<unknown, O>,
  View: ComponentType<PageProps<P, O>>,
): void {
  const channel = new Channel(protocol);
  const root = document.getElementById('root')!;
  const keptSchema = v.object({
    locale: v.string(),
    labels: v.record(v.string(), v.string()),
    content: v.nullable(protocol.content),
    options,
  });
  const kept = v.safeParse(keptSchema, channel.kept());
  let shown = (kept.success ? kept.output : null) as Shown<P, O> | null;
  let linked = false;
  let pointed: number | null = null;
  // The same from drawing to drawing, so that what is made with them need not be made again.
  let words: { labels: Labels; locale: string; label: Label; numbers: Numbers } | null = null;

  const choose = (change: Partial<O>) => {
    if (shown) update({ ...shown, options: { ...shown.options, ...change } });
  };
  const draw = () => {
    if (!shown) return;
    const { labels, locale, content, options } = shown;
    if (content === null) {
      render(<p class="empty">{labels.empty}</p>, root);
      return;
    }
    if (words?.labels !== labels || words.locale !== locale) {
      words = { labels, locale, label: labelsFrom(labels), numbers: new Numbers(locale) };
    }
    const { label, numbers } = words;
    const props = { content, label, numbers, options, choose, channel };
    render(<View {...props} pointed={pointed} linked={linked} />, root);
  };
  // The state can have a text's worth of answers in it: a slider's steps are too many to write each of them.
  const keeping = seldom(() => channel.keep(shown), keepMilliseconds);
  window.addEventListener('pagehide', keeping.settle);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keeping.settle();
  });
  const update = (next: Shown<P, O>) => {
    shown = next;
    keeping.ask();
    draw();
  };

  draw();
  channel.listen((message) => {
    if (message.type === 'pointed') {
      pointed = message.token;
      draw();
      return;
    }
    const { labels, locale, content } = message;
    const chosen = shown?.options ?? v.parse(options, {});
    // After a reload the host knows nothing yet: what was on screen stays, without a link to its text.
    const isRestored = content === null && !linked && shown !== null && shown.content !== null;
    linked = content !== null;
    pointed = null;
    const next = isRestored ? shown!.content : content;
    update({ labels, locale, content: next, options: chosen });
  });
}
