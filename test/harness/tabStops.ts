import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** What is one stop however much is in it: inside, the arrow keys move. */
const composites = 'svg.picture, [role="tablist"], [role="treegrid"], [role="application"]';
/** More than any page has that is usable by keyboard. */
const most = 400;

/**
 * Presses Tab until it has gone around the page, and checks that each picture, list of tabs, tree and map is one stop.
 * @returns how many stops there are in all.
 */
export async function checkTabStops(page: Page): Promise<number> {
  const visited: string[] = [];
  for (let pressed = 0; pressed < most; pressed++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate((found) => {
      const { activeElement } = document;
      if (!activeElement || activeElement === document.body) return null;
      const inside = activeElement.closest(found);
      const all = [...document.querySelectorAll('*')];
      return `${all.indexOf(inside ?? activeElement)} ${all.indexOf(activeElement)}`;
    }, composites);
    // Behind the last element the browser has the focus, and then the first one.
    if (at === null) continue;
    if (visited.includes(at)) break;
    visited.push(at);
  }
  const shown = await page.evaluate((found) => {
    const all = [...document.querySelectorAll('*')];
    return [...document.querySelectorAll(found)]
      .filter((one) => one.checkVisibility() && !one.matches('svg.picture[role="img"]'))
      .map((one) => ({ name: one.getAttribute('aria-label') ?? one.className, at: all.indexOf(one) }));
  }, composites);
  assert.ok(shown.length > 0, 'there is nothing to move in');
  const stopsOf = (at: number) => visited.filter((stop) => stop.startsWith(`${at} `)).length;
  assert.deepEqual(
    shown.map(({ name, at }) => [name, stopsOf(at)]),
    shown.map(({ name }) => [name, 1]),
  );
  return visited.length;
}
