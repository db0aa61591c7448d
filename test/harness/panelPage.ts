/**
 * A panel's page by itself in a browser: with the policy that VS Code gives it, the colours of a theme, and a host that
 * answers from whatever the test has, the real engine's results for one.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { distDir, root } from '../../scripts/lib/project.ts';
import { commonLabels, type LabelTexts } from '../../src/host/panel/labels.ts';

export const themes = ['light', 'dark', 'highContrast', 'highContrastLight'] as const;
export type Theme = (typeof themes)[number];
export type Language = 'en' | 'zh-cn';

export interface PageHost {
  entry: string;
  labels: LabelTexts;
  content: unknown;
  /** Typed arrays come across. What it throws is told to the page. `report` sends a part of the answer. */
  answer?: (
    name: string,
    params: never,
    call: { report: (partial: unknown) => void; signal: AbortSignal },
  ) => Promise<unknown>;
  theme?: Theme;
  language?: Language;
}

export interface PanelPage {
  page: Page;
  /** What the page said, questions aside. */
  sent: Record<string, unknown>[];
  /** Another content. */
  show(content: unknown): Promise<void>;
  /** The host has nothing to show any more and has not said so: as after a window's reload. */
  forget(): void;
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
  let state = JSON.parse(sessionStorage.getItem('state') ?? 'null');
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => void window.whytokenHost(message),
    getState: () => state ?? undefined,
    setState: (next) => {
      state = next;
      sessionStorage.setItem('state', JSON.stringify(next));
    },
  });`;

/** Opens an entry of dist/webview. Its state outlives a \`page.reload()\`. */
export async function openPanelPage(page: Page, host: PageHost): Promise<PanelPage> {
  const sent: Record<string, unknown>[] = [];
  const calls = new Map<number, AbortController>();
  let { content } = host;
  let number = 0;
  const language = host.language ?? 'en';
  const chinese = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8'));
  const labels = Object.fromEntries(
    Object.entries({ ...commonLabels, ...host.labels }).map(([name, text]) => [
      name,
      language === 'en' ? text : (chinese[text] ?? text),
    ]),
  );
  const post = async (message: unknown) => {
    await page.evaluate(
      (data) => (window as never as { postUnpacked(m: unknown): void }).postUnpacked(data),
      packed(message) as never,
    );
  };
  const show = async (next: unknown) => {
    content = next;
    number += 1;
    await post({ type: 'show', number, locale: language, labels, content });
  };
  const answer = async ({ id, name, params }: { id: number; name: string; params: never }) => {
    const dropped = new AbortController();
    calls.set(id, dropped);
    // A page that begins anew counts its questions from 1 again: what was asked before is none of its own.
    const say = async (message: object) => {
      if (calls.get(id) === dropped) await post({ ...message, id }).catch(() => {});
    };
    const report = (partial: unknown) => void say({ type: 'partial', answer: partial });
    try {
      const call = { report, signal: dropped.signal };
      await say({ type: 'answer', answer: await host.answer!(name, params, call) });
    } catch (error) {
      await say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
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

  await page.exposeFunction('whytokenHost', async (message: Record<string, unknown>) => {
    if (message.type === 'ready') calls.clear();
    if (message.type === 'ready') await show(content);
    else if (message.type === 'ask') void answer(message as never);
    else sent.push(message);
    if (message.type === 'drop') calls.get(message.id as number)?.abort();
  });
  const built = (name: string) => readFileSync(path.join(distDir, 'webview', name), 'utf8');
  await page.route('http://panel.test/**', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name.endsWith('.js')) return route.fulfill({ contentType: 'text/javascript', body: built(name) });
    if (name.endsWith('.css')) return route.fulfill({ contentType: 'text/css', body: built(name) });
    if (name !== '') return route.fulfill({ status: 404 });
    const policy = "default-src 'none'; script-src 'nonce-x'; style-src http://panel.test";
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
