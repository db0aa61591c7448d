/** What a person does in the workbench, as functions. Each waits until what it did can be seen. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { root } from '../../scripts/lib/project.ts';
import { eventually } from './eventually.ts';

export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Loads the address and waits until the workbench knows its extensions. */
  async load(url: string): Promise<void> {
    await this.page.goto(url);
    const registered = () => performance.getEntriesByName('code/didLoadExtensions').length > 0;
    await this.page.waitForFunction(registered, undefined, { timeout: 180_000 });
    await this.page.locator('.statusbar-item').first().waitFor();
  }

  /** Opens a file of the workspace by its name and puts the cursor into it. */
  async openFile(name: string): Promise<void> {
    await this.#openQuickInput('Control+p');
    await this.quickInput().fill(name);
    await this.quickInputRows().filter({ hasText: name }).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.locator('.editor-group-container.active .monaco-editor .view-line').first().waitFor();
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget input[type=text]');
  }

  quickInputRows(): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  /** Types into the command palette and leaves it open; what it lists is in {@link quickInputRows}. */
  async palette(text: string): Promise<void> {
    await this.#openQuickInput('F1');
    await this.quickInput().fill(`>${text}`);
    await this.quickInputRows().first().waitFor();
  }

  /** The labels that the palette lists for a text; closes the palette again. */
  async commandsFor(text: string): Promise<string[]> {
    await this.palette(text);
    const rows = () =>
      this.quickInputRows().evaluateAll((all) =>
        all.map((row) => {
          const name = row.querySelector(
            '.quick-input-list-rows > .quick-input-list-row:first-child .label-name',
          );
          return [Number(row.getAttribute('data-index')), name?.textContent ?? ''] as const;
        }),
      );
    // Only what is seen is there; up from the first one is the last one.
    const found = new Map(await rows());
    await this.page.keyboard.press('ArrowUp');
    await this.page.waitForTimeout(200);
    for (const [index, label] of await rows()) found.set(index, label);
    const labels = [...found].sort(([a], [b]) => a - b).map(([, label]) => label);
    await this.page.keyboard.press('Escape');
    await this.quickInput().waitFor({ state: 'hidden' });
    return labels;
  }

  /** Runs the command that has exactly this label in the palette. */
  async run(label: string): Promise<void> {
    await this.choose(label);
    await this.quickInput().waitFor({ state: 'hidden' });
  }

  /** The same for a command that asks something in the palette's place. */
  async choose(label: string): Promise<void> {
    await this.palette(label);
    const exact = this.page.locator('.quick-input-list .label-name').getByText(label, { exact: true });
    await exact.first().click();
  }

  /** Selects the first occurrence of a text in the active editor, by the find widget. */
  async select(text: string): Promise<void> {
    await this.page.locator('.editor-group-container.active .monaco-editor .view-lines').click();
    await this.page.keyboard.press('Control+Home');
    await this.page.keyboard.press('Control+f');
    const find = this.page.locator('.editor-widget.find-widget.visible textarea.input').first();
    // It keeps what was looked for last, and looks again for something else only.
    await find.fill('');
    await find.fill(text);
    await this.page.locator('.find-widget .matchesCount', { hasText: /^1 / }).waitFor();
    await this.page.keyboard.press('Escape');
    await this.page.locator('.monaco-editor.focused .selected-text').first().waitFor();
    await this.statusBar(`(${text.length} selected)`).waitFor();
  }

  /** The active editor's text as it is drawn: visible lines only, with ordinary spaces. */
  async visibleText(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .monaco-editor .view-line');
    const drawn = await lines.evaluateAll((elements) =>
      elements
        .map((element) => ({
          top: Number.parseFloat((element as HTMLElement).style.top),
          text: element.textContent,
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return drawn.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Rests the pointer on a text of the active editor until a hover shows; where the text has moved meanwhile, again. */
  async hover(text: string): Promise<Locator> {
    // Each provider's answer has contents of its own: what is known at once, and what comes later.
    const contents = this.page.locator('.hover-contents');
    const hover = this.page.locator('.monaco-hover:not(.hidden)').filter({ has: contents }).first();
    await eventually(async () => {
      await this.#pointAt(text);
      await hover.waitFor({ timeout: 10_000 });
    }, 40);
    return hover;
  }

  async #pointAt(text: string): Promise<void> {
    const line = this.page.locator('.editor-group-container.active .view-line', { hasText: text }).first();
    const box = await line.evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      const plain = (value: string) => value.replaceAll('\u00a0', ' ');
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = plain(node.textContent ?? '').indexOf(wanted);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    }, text);
    await this.page.mouse.move(box.x - 3, box.y);
    await this.page.mouse.move(box.x, box.y, { steps: 3 });
  }

  /** The text decorations of the active editor that extensions drew, in no particular order. */
  async decorations(): Promise<{ text: string; background: string; borderBottom: string; width: number }[]> {
    const drawn = this.page.locator('.editor-group-container.active .view-overlays [class*="ced-"]');
    return drawn.evaluateAll((elements) =>
      elements
        .map((element) => {
          const style = getComputedStyle(element);
          return {
            text: element.textContent ?? '',
            background: style.backgroundColor,
            borderBottom: style.borderBottom,
            width: element.getBoundingClientRect().width,
            isHatched: style.backgroundImage.includes('(135deg'),
            isSeen: [style.backgroundImage, style.boxShadow, style.outlineStyle].some(
              (one) => one !== 'none',
            ),
          };
        })
        // What only carries rules for the editor is not seen.
        .filter(
          (one) => one.isSeen || one.background !== 'rgba(0, 0, 0, 0)' || !one.borderBottom.startsWith('0px'),
        )
        // It comes later, with the evidence.
        .filter(({ isHatched }) => !isHatched)
        .map(({ isSeen: _, isHatched: __, ...one }) => one),
    );
  }

  /** How many boxes are hatched, because two methods disagree there. */
  async hatched(): Promise<number> {
    const drawn = this.page.locator('.editor-group-container.active .view-overlays [class*="ced-"]');
    return drawn.evaluateAll(
      (elements) =>
        elements.filter((element) => getComputedStyle(element).backgroundImage.includes('(135deg')).length,
    );
  }

  /** Waits until so many tokens are outlined in the texts, as those are that a panel points at. */
  async outlined(count: number, seconds?: number): Promise<void> {
    const drawn = this.page.locator('.view-overlays [class*="ced-"]');
    const outlines = () =>
      drawn.evaluateAll((all) => all.filter((one) => getComputedStyle(one).outlineStyle === 'solid').length);
    await eventually(async () => assert.equal(await outlines(), count), seconds);
  }

  /** The document inside the first visible webview. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').first().frameLocator('iframe#active-frame');
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item', { hasText: text });
  }

  /** Saves what is on the screen as test/screenshots/NAME.png, once fades are over. */
  async screenshot(name: string): Promise<void> {
    const folder = path.join(root, 'test/screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.waitForTimeout(150);
    await this.page.screenshot({ path: path.join(folder, `${name}.png`) });
  }

  /** A key that is pressed while the focus moves into a webview, or out of one, reaches nobody: a person presses again. */
  async #openQuickInput(key: string): Promise<void> {
    for (let left = 5; ; left--) {
      await this.page.keyboard.press(key);
      try {
        await this.quickInput().waitFor({ timeout: 5000 });
        return;
      } catch (error) {
        if (left === 1) throw error;
      }
    }
  }
}
