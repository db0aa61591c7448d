/**
 * A panel's page by itself in a browser: with the policy that VS Code gives it, the colours of a theme, and the extension
 * host's own side of the talk with it.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { CancellationTokenSource } from 'vscode-jsonrpc';
import { distDir, root } from '../../scripts/lib/project.ts';
import type { Call, PanelAnswers } from '../../src/host/panel/answers.ts';
import { Conversation } from '../../src/host/panel/conversation.ts';
import { commonLabels, type LabelTexts } from '../../src/host/panel/labels.ts';
import type { ContentOf, PanelProtocol, QuestionName, ToPage } from '../../src/protocol/panels/page.ts';
import { settled } from './eventually.ts';

export const themes = ['light', 'dark', 'highContrast', 'highContrastLight'] as const;
export type Theme = (typeof themes)[number];
export type Language = 'en' | 'zh-cn';

export interface PageHost<P extends PanelProtocol> {
  entry: string;
  protocol: P;
  labels: LabelTexts;
  content: ContentOf<P> | null;
  /** The host's own, as a rule. */
  answers: PanelAnswers<P>;
  /** Called before a question is answered, which waits for it. What it throws is told to the page. */
  before?: (name: QuestionName<P>, params: unknown, call: Call<never>) => unknown;
  theme?: Theme;
  language?: Language;
}

export interface PanelPage<P extends PanelProtocol = PanelProtocol> {
  page: Page;
  /** What the page said, questions aside. */
  sent: Record<string, unknown>[];
  /** Another content. */
  show(content: ContentOf<P> | null): Promise<void>;
  /** The host has nothing to show any more and has not said so: as after a window's reload. */
  forget(): void;
  /** Whatever it is. */
  post(message: unknown): Promise<void>;
  use(theme: Theme): Promise<void>;
}

/** The colours of VS Code's default themes, as far as the pages use them. */
const workbenchColours: Record<Theme, Record<string, string>> = {
  light: {
    foreground: '#3b3b3b',
    descriptionForeground: '#3b3b3b',
    'editor-background': '#ffffff',
    'editorWidget-border': '#c8c8c8',
    focusBorder: '#005fb8',
    'list-hoverBackground': '#f2f2f2',
    'dropdown-background': '#ffffff',
    'dropdown-foreground': '#3b3b3b',
    'dropdown-border': '#767676',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
  },
  dark: {
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editor-background': '#1f1f1f',
    'editorWidget-border': '#454545',
    focusBorder: '#0078d4',
    'list-hoverBackground': '#2a2d2e',
    'dropdown-background': '#313131',
    'dropdown-foreground': '#cccccc',
    'dropdown-border': '#3c3c3c',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
  },
  highContrast: {
    foreground: '#ffffff',
    descriptionForeground: '#ffffff',
    'editor-background': '#000000',
    'editorWidget-border': '#6fc3df',
    contrastBorder: '#6fc3df',
    focusBorder: '#f38518',
    'dropdown-background': '#000000',
    'dropdown-foreground': '#ffffff',
    'dropdown-border': '#6fc3df',
  },
  highContrastLight: {
    foreground: '#292929',
    descriptionForeground: '#292929',
    'editor-background': '#ffffff',
    'editorWidget-border': '#0f4a85',
    contrastBorder: '#0f4a85',
    focusBorder: '#006bbd',
    'dropdown-background': '#ffffff',
    'dropdown-foreground': '#292929',
    'dropdown-border': '#0f4a85',
  },
};

const kinds: Record<Theme, string> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  highContrast: 'vscode-dark vscode-high-contrast',
  highContrastLight: 'vscode-light vscode-high-contrast-light',
};

function variablesOf(theme: Theme): Record<string, string> {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const contributed = manifest.contributes.colors as { id: string; defaults: Record<Theme, string> }[];
  const ours = contributed.map(({ id, defaults }) => [id.replaceAll('.', '-'), defaults[theme]] as const);
  const all = { ...workbenchColours[theme], ...Object.fromEntries(ours) };
  return {
    ...Object.fromEntries(Object.entries(all).map(([name, value]) => [`--vscode-${name}`, value])),
    '--vscode-font-family': 'sans-serif',
    '--vscode-font-size': '13px',
    '--vscode-editor-font-family': 'monospace',
  };
}

/** Typed arrays do not come through the browser's bridge; they travel as marked lists. */
function packed(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) =>
      ArrayBuffer.isView(inner)
        ? {
            $array: inner.constructor.name,
            values: Array.from(inner as Float32Array, (x) => (Number.isNaN(x) ? null : x)),
          }
        : inner,
    ) ?? 'null',
  );
}

const stub = `
  const unpack = (value) => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(unpack);
    if (value.$array) return globalThis[value.$array].from(value.values, (x) => (x === null ? NaN : x));
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, unpack(inner)]));
  };
  window.postUnpacked = (message) => window.postMessage(unpack(message), '*');
  // Another page begins anew, whatever the one before it wrote as it was left.
  if (performance.getEntriesByType('navigation')[0].type !== 'reload') sessionStorage.removeItem('state');
  let state = JSON.parse(sessionStorage.getItem('state') ?? 'null');
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => void window.whytokenHost(message),
    getState: () => state ?? undefined,
    setState: (next) => {
      state = next;
      sessionStorage.setItem('state', JSON.stringify(next));
    },
  });`;

/** What the page has asked VS Code to keep over a reload, as JSON, when it is done with what was chosen. */
export async function keptBy(page: Page): Promise<string> {
  return settled(async () => String(await page.evaluate(() => sessionStorage.getItem('state'))));
}

/** Opens an entry of dist/webview. Its state outlives a `page.reload()`. */
export async function openPanelPage<P extends PanelProtocol>(
  page: Page,
  host: PageHost<P>,
): Promise<PanelPage<P>> {
  const sent: Record<string, unknown>[] = [];
  const { protocol, language = 'en' } = host;
  let { content } = host;
  const labels = labelsIn(language, host.labels);
  const post = async (message: unknown) => {
    await page.evaluate(
      (data) => (window as never as { postUnpacked(m: unknown): void }).postUnpacked(data),
      packed(message) as never,
    );
  };
  let posted = Promise.resolve();
  const conversation = new Conversation<P>(
    {
      protocol,
      answers: host.before ? held(protocol, host.answers, host.before) : host.answers,
      labels: () => labels,
      content: () => content,
      obey() {},
      point() {},
    },
    {
      locale: language,
      post(message: ToPage) {
        // An answer may come when the test has closed its page.
        posted = message.type === 'show' ? post(message) : post(message).catch(() => {});
      },
      copy() {},
      save() {},
      sentence: (error) => (error instanceof Error ? error.message : String(error)),
      warn(reason) {
        throw new Error(`The page sent a message that has not the shape of one: ${reason}`);
      },
      newCancellation: () => new CancellationTokenSource(),
    },
  );
  const show = async (next: ContentOf<P> | null) => {
    content = next;
    conversation.show();
    await posted;
  };
  const use = (theme: Theme) =>
    page.evaluate(
      ([variables, kind]) => {
        const { style } = document.documentElement;
        for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
        document.body.className = kind;
        document.body.style.background = variables['--vscode-editor-background']!;
      },
      [variablesOf(theme), kinds[theme]] as const,
    );

  await page.exposeFunction('whytokenHost', (message: Record<string, unknown>) => {
    if (message.type !== 'ready' && message.type !== 'ask') sent.push(message);
    conversation.receive(message);
  });
  const built = (name: string) => readFileSync(path.join(distDir, 'webview', name), 'utf8');
  await page.route('http://panel.test/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name.endsWith('.js')) return route.fulfill({ contentType: 'text/javascript', body: built(name) });
    if (name.endsWith('.css')) return route.fulfill({ contentType: 'text/css', body: built(name) });
    if (name !== '') return route.fulfill({ status: 404 });
    const policy =
      "default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-x'; style-src http://panel.test";
    const body = `<!DOCTYPE html><html lang="${language}"><head><title>Whytoken</title>
      <meta http-equiv="Content-Security-Policy" content="${policy}">
      <link rel="stylesheet" href="${host.entry}.css"></head><body><main id="root"></main>
      <script nonce="x">${stub}</script><script nonce="x" src="${host.entry}.js"></script></body></html>`;
    return route.fulfill({ contentType: 'text/html', body });
  });
  await page.goto('http://panel.test/');
  await use(host.theme ?? 'light');
  const forget = () => {
    content = null;
  };
  return { page, sent, show, forget, post, use };
}

function labelsIn(language: Language, labels: LabelTexts): Record<string, string> {
  const chinese = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries({ ...commonLabels, ...labels }).map(([name, text]) => [
      name,
      language === 'en' ? text : (chinese[text] ?? text),
    ]),
  );
}

function held<P extends PanelProtocol>(
  { questions }: P,
  answers: PanelAnswers<P>,
  before: NonNullable<PageHost<P>['before']>,
): PanelAnswers<P> {
  const hold =
    <N extends QuestionName<P>>(name: N): PanelAnswers<P>[N] =>
    async (params, call) => {
      await before(name, params, call);
      return answers[name](params, call);
    };
  const names = Object.keys(questions) as QuestionName<P>[];
  const all: unknown = Object.fromEntries(names.map((name) => [name, hold(name)]));
  return all as PanelAnswers<P>;
}
