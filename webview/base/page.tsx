/** From the host's messages to what is on screen. A panel's page is one call of {@link startPage}. */
import { type ComponentType, render } from 'preact';
import * as v from 'valibot';
import type { ContentOf, Labels, PanelProtocol } from '../../src/protocol/panels/page.ts';
import { Numbers } from '../../src/text/numbers.ts';
import { Channel } from './channel.ts';
import './base.css';

/** What every view is given. */
export interface PageProps<P extends PanelProtocol, O> {
  content: ContentOf<P>;
  /** A label by its name, with {0}, {1} … filled in. */
  label: (name: string, ...values: (string | number)[]) => string;
  numbers: Numbers;
  locale: string;
  /** What a person chose on this page; it outlives the tab. */
  options: O;
  choose: (change: Partial<O>) => void;
  channel: Channel<P>;
  /** The token that is pointed at in the editor. */
  pointed: number | null;
  /** False for what was restored without the host knowing it any more. */
  linked: boolean;
}

interface Shown<P extends PanelProtocol, O> {
  locale: string;
  labels: Labels;
  content: ContentOf<P> | null;
  options: O;
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
  let numbers: { locale: string; of: Numbers } | null = null;

  const draw = () => {
    if (!shown) return;
    const { labels, locale, content } = shown;
    if (content === null) {
      render(<p class="empty">{labels.empty}</p>, root);
      return;
    }
    const choose = (change: Partial<O>) => {
      if (shown) update({ ...shown, options: { ...shown.options, ...change } });
    };
    const label = (name: string, ...values: (string | number)[]) =>
      (labels[name] ?? name).replace(/\{(\d+)\}/g, (whole, index) => String(values[Number(index)] ?? whole));
    if (numbers?.locale !== locale) numbers = { locale, of: new Numbers(locale) };
    const props = { content, label, numbers: numbers.of, locale, options: shown.options, choose, channel };
    render(<View {...props} pointed={pointed} linked={linked} />, root);
  };
  const update = (next: Shown<P, O>) => {
    shown = next;
    channel.keep(next);
    draw();
  };

  draw();
  channel.listen((message) => {
    if (message.type === 'pointed') {
      pointed = message.token;
      draw();
      return;
    }
    const content = v.safeParse(v.nullable(protocol.content), message.content);
    if (!content.success) return;
    const { labels, locale } = message;
    const chosen = shown?.options ?? v.parse(options, {});
    // After a reload the host knows nothing yet: what was on screen stays, without a link to its text.
    const isRestored = content.output === null && !linked && shown !== null && shown.content !== null;
    linked = content.output !== null;
    pointed = null;
    const next = isRestored ? shown!.content : (content.output as ContentOf<P> | null);
    update({ labels, locale, content: next, options: chosen });
  });
}
