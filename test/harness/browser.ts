/** The browser that the tests drive the web workbench with: Chromium, with fonts for English and Chinese. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { Problem, reasonOf, step } from '../../scripts/lib/report.ts';
import { runToEnd } from '../../scripts/workbench/processes.ts';

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function findBrowser(): string | undefined {
  const named = process.env.WHYTOKEN_CHROMIUM;
  if (named && !existsSync(named))
    throw new Problem(`WHYTOKEN_CHROMIUM names ${named}, which does not exist.`);
  return named ?? usualPlaces.find((place) => existsSync(place));
}

async function hasChineseFont(): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  return (await runToEnd('fc-list', [':lang=zh-cn', 'file']).catch(() => '')).trim() !== '';
}

/**
 * Finds Chromium, or on Debian and its relatives installs it with the fonts that screenshots need.
 * @returns the browser's path.
 * @throws Problem
 */
export async function ensureBrowser(): Promise<string> {
  const found = findBrowser();
  const packages = [
    ...(found ? [] : ['chromium', 'fonts-dejavu-core']),
    ...((await hasChineseFont()) ? [] : ['fonts-wqy-microhei']),
  ];
  if (packages.length > 0 && existsSync('/usr/bin/apt-get')) {
    const title = `Installing the Debian packages ${packages.join(', ')} for the tests in the editor`;
    await step(title, () => installPackages(packages));
  }
  const browser = found ?? findBrowser();
  if (!browser) {
    throw new Problem('No Chromium was found. Install it, or name its executable in WHYTOKEN_CHROMIUM.');
  }
  return browser;
}

async function installPackages(packages: string[]): Promise<void> {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const run = (...args: string[]) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args];
    return runToEnd(command!, rest, { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  };
  try {
    await run('update');
    await run('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    throw new Problem(
      `The packages could not be installed. Run this yourself, then try again:\n` +
        `  sudo apt-get update && sudo apt-get install ${packages.join(' ')}\n${reasonOf(error)}`,
    );
  }
}

export interface BrowserWindow extends AsyncDisposable {
  page: Page;
  /** Another tab of the same profile. */
  newPage(): Promise<Page>;
}

/** Opens a window of 1280 × 800 pixels with an empty profile. */
export async function openBrowser(options: BrowserContextOptions = {}): Promise<BrowserWindow> {
  const executablePath = await ensureBrowser();
  const browser: Browser = await chromium.launch({
    executablePath,
    env: { ...process.env, TMPDIR: tmpdir() },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  // A machine that also trains or compiles can be slow; a person waits too.
  context.setDefaultTimeout(60_000);
  return {
    page: await context.newPage(),
    newPage: () => context.newPage(),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
