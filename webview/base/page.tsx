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
  /** What a person chose on this page; it outlives the tab, but for what is said to be of the text. */
  options: O;
  choose: (change: Partial<O>) => void;
  channel: Channel<P>;
  /** The token that is pointed at in the editor. */
  pointed: number | null;
}

interface Shown<P extends PanelProtocol> {
  locale: string;
  labels: Labels;
  content: ContentOf<P> | null;
}

/** Between one writing of what is to outlive the tab and the next. */
const keepMilliseconds = 100;

function labelsFrom(labels: Labels): Label {
  return (name, ...values) =>
    (labels[name] ?? name).replace(/\{(\d+)\}/g, (whole, index) => String(values[Number(index)] ?? whole));
}

/**
 * Of what is on the page only the options are kept, because VS Code writes them to the disk: nothing of a text.
 * @param schema of what a person can choose, with a fallback for each: `v.fallback(…)`
 * @param View draws a content
 * @param ofText the options that tell something of a text, or that a person types: they are not kept
 */
export function startPage<P extends PanelProtocol, O extends object>(
  protocol: P,
  schema: v.GenericSchema<unknown, O>,
  View: ComponentType<PageProps<P, O>>,
  ofText: readonly (keyof O & string)[] = [],
): void {
  const channel = new Channel(protocol);
  const root = document.getElementById('root')!;
  const before = v.safeParse(schema, channel.kept());
  let options = before.success ? before.output : v.parse(schema, {});
  let shown: Shown<P> | null = null;
  let pointed: number | null = null;
  // The same from drawing to drawing, so that what is made with them need not be made again.
  let words: { labels: Labels; locale: string; label: Label; numbers: Numbers } | null = null;

  const choose = (change: Partial<O>) => {
    options = { ...options, ...change };
    keeping.ask();
    draw();
  };
  const draw = () => {
    if (!shown) return;
    const { labels, locale, content } = shown;
    if (content === null) {
      render(<p class="empty">{labels.empty}</p>, root);
      return;
    }
    if (words?.labels !== labels || words.locale !== locale) {
      words = { labels, locale, label: labelsFrom(labels), numbers: new Numbers(locale) };
    }
    const { label, numbers } = words;
    const props = { content, label, numbers, options, choose, channel };
    render(<View {...props} pointed={pointed} />, root);
  };
  const kept = () => Object.fromEntries(Object.entries(options).filter(([name]) => !isOfText(name)));
  const isOfText = (name: string) => (ofText as readonly string[]).includes(name);
  // A slider's steps are too many to write each of them.
  const keeping = seldom(() => channel.keep(kept()), keepMilliseconds);
  window.addEventListener('pagehide', keeping.settle);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keeping.settle();
  });

  // Whatever an earlier version kept is overwritten.
  keeping.ask();
  channel.listen((message) => {
    if (message.type === 'pointed') {
      pointed = message.token;
    } else {
      const { labels, locale, content } = message;
      shown = { labels, locale, content };
      pointed = null;
    }
    draw();
  });
}
