/** The heat map that all panels share, in Chromium: what is drawn, pointed at and exported is the same cell. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import * as esbuild from 'esbuild';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/lib/project.ts';
import type { Cell } from '../../webview/base/heatMap.tsx';
import { overhang } from '../../webview/base/mapDrawing.ts';
import type { MapPage, MapTest } from '../fixtures/heatMapPage.tsx';
import { type BrowserWindow, openBrowser } from '../harness/browser.ts';
import { eventually } from '../harness/eventually.ts';

declare const map: MapPage;

let browser: BrowserWindow;
let page: Page;
/** Pixels of the names beside the map. */
const gutter = { left: 96, top: 78 };

before(async () => {
  const { outputFiles } = await esbuild.build({
    entryPoints: [path.join(root, 'test/fixtures/heatMapPage.tsx')],
    outdir: path.join(root, 'dist'),
    ...{ bundle: true, write: false, logLevel: 'silent', jsx: 'automatic', jsxImportSource: 'preact' },
  });
  const built = (end: string) => outputFiles.find((file) => file.path.endsWith(end))!.text;
  browser = await openBrowser({ deviceScaleFactor: 1 });
  page = browser.page;
  await page.setContent('<!DOCTYPE html><html lang="en"><title>Map</title><main id="root"></main></html>');
  await page.addStyleTag({ content: built('.css') });
  await page.addStyleTag({
    content: ':root { --vscode-editor-background: #fff; --vscode-foreground: #333; }',
  });
  const ours = { for: '#0050a0', against: '#a04000', attention: '#7030c0' };
  const variables = Object.entries(ours).map(([name, value]) => `--vscode-whytoken-${name}Border: ${value};`);
  await page.addStyleTag({ content: `:root { ${variables.join(' ')} }` });
  await page.addScriptTag({ content: built('.js') });
});
after(() => browser[Symbol.asyncDispose]());

async function show(shown: MapTest): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate((wanted) => {
    map.show(wanted);
    map.pointed.length = 0;
    map.pressed.length = 0;
  }, shown);
  await frames();
}

/** Until what was asked for is drawn. */
const frames = () =>
  page.evaluate(
    () =>
      new Promise<void>((done) =>
        requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => done()), 50)),
      ),
  );
const view = () => page.getByRole('application');
const scrollTo = async (left: number, top: number) => {
  await view().evaluate((box, at) => box.scrollTo(at.left, at.top), { left, top });
  await frames();
};
const box = () =>
  eventually(async () => {
    const found = await view().boundingBox();
    assert.ok(found, 'the map is not shown');
    return found;
  });
const lastPointed = () => page.evaluate(() => map.pointed.at(-1) ?? null);
const isPointed = (cell: Cell | null, words?: string) =>
  eventually(async () => assert.deepEqual(await lastPointed(), cell, words));
const colourAt = (x: number, y: number) => page.evaluate((at) => map.colourAt(at.x, at.y), { x, y });
const colourOf = (cell: Cell) => page.evaluate((at) => map.colourOf(at), cell);

async function checkPlaces(places: readonly (readonly [number, number])[], words: string): Promise<Cell[]> {
  const { x: left, y: top } = await box();
  const found: Cell[] = [];
  await page.mouse.move(0, 0);
  await isPointed(null);
  await frames();
  const drawn: string[] = [];
  for (const [x, y] of places) drawn.push(await colourAt(x, y));
  for (const [i, [x, y]] of places.entries()) {
    await page.evaluate(() => {
      map.pointed.length = 0;
    });
    await page.mouse.move(left + x + 0.5, top + y + 0.5);
    const cell = await eventually(async () => {
      const pointed = await lastPointed();
      assert.ok(pointed, `${words}: nothing at ${x}, ${y}`);
      return pointed;
    });
    assert.equal(drawn[i], await colourOf(cell), `${words}: at ${x}, ${y} cell ${cell.row}, ${cell.column}`);
    found.push(cell);
  }
  return found;
}

test('the cell under the pointer is the one that is drawn there, at several zooms and scrolls', async () => {
  for (const kind of ['sequential', 'diverging'] as const) {
    // Small enough cells that no sign is drawn in them, of sizes that put no border through the middle of a pixel.
    await show({ rows: 300, columns: 400, kind, cell: { width: 7.03, height: 5.07 } });
    const zoomBy: [string, number][] = [
      ['none', 0],
      ['zoomIn', 1],
      ['zoomOut', 4],
    ];
    for (const [name, times] of zoomBy) {
      for (let i = 0; i < times; i++) await page.getByRole('button', { name, exact: true }).click();
      for (const [left, top] of [
        [0, 0],
        [333, 217],
        [100_000, 100_000],
      ] as const) {
        await scrollTo(left, top);
        const places = [99, 233, 411, 700].flatMap((x) => [80, 199, 333].map((y) => [x, y] as const));
        await checkPlaces(places, `${kind}, zoom ${name} × ${times}, scrolled to ${left}, ${top}`);
      }
    }
  }
});

test('nothing is pointed at over the names, beside the map or on its scroll bars', async () => {
  await show({ rows: 3, columns: 4, kind: 'sequential', cell: { width: 20, height: 20 } });
  const { x: left, y: top } = await box();
  const places = [
    [gutter.left - 2, gutter.top + 5],
    [gutter.left + 5, gutter.top - 2],
    [gutter.left + 4 * 20 + 1, gutter.top + 5],
    [gutter.left + 5, gutter.top + 3 * 20 + 1],
  ] as const;
  for (const [x, y] of places) {
    await page.mouse.move(left + gutter.left + 30, top + gutter.top + 30);
    await isPointed({ row: 1, column: 1 });
    await page.mouse.move(left + x, top + y);
    await isPointed(null, `${x}, ${y}`);
  }
});

test('a large map is drawn right on both sides of the borders of its bitmaps', async () => {
  const cell = { width: 8, height: 6 };
  await show({ rows: 1100, columns: 1500, kind: 'sequential', cell });
  for (const [row, column] of [
    [511, 511],
    [1023, 1023],
  ] as const) {
    await scrollTo((column - 10) * cell.width, (row - 10) * cell.height);
    const x = (at: number) => gutter.left + (at - column + 10) * cell.width + 4;
    const y = (at: number) => gutter.top + (at - row + 10) * cell.height + 3;
    const corners = [row - 1, row, row + 1, row + 2].flatMap((r) =>
      [column - 1, column, column + 1, column + 2].map((c) => ({ row: r, column: c })),
    );
    const found = await checkPlaces(
      corners.map((at) => [x(at.column), y(at.row)] as const),
      `tile border at ${row}`,
    );
    assert.deepEqual(found, corners);
  }
  await scrollTo(100_000, 100_000);
  const { width, height } = await view().evaluate((box) => ({
    width: box.clientWidth,
    height: box.clientHeight,
  }));
  const [last] = await checkPlaces([[width - overhang - 4, height - 4]], 'the last cell');
  assert.deepEqual(last, { row: 1099, column: 1499 });
});

test('the keyboard moves from cell to cell, reads them out and scrolls them into view', async () => {
  const cell = { width: 20, height: 16 };
  await show({ rows: 90, columns: 120, kind: 'diverging', cell });
  await view().focus();
  const steps: [key: string, row: number, column: number][] = [
    ['ArrowDown', 0, 0],
    ['ArrowDown', 1, 0],
    ['ArrowRight', 1, 1],
    ['End', 1, 119],
    ['ArrowRight', 1, 119],
    ['PageDown', 11, 119],
    ['PageDown', 21, 119],
    ['PageDown', 31, 119],
    ['PageDown', 41, 119],
    ['ArrowLeft', 41, 118],
    ['Home', 41, 0],
    ['PageUp', 31, 0],
    ['ArrowUp', 30, 0],
    ['ArrowLeft', 30, 0],
  ];
  for (const [key, row, column] of steps) {
    await page.keyboard.press(key);
    await frames();
    await eventually(async () => {
      assert.deepEqual(await lastPointed(), { row, column }, key);
      assert.match(
        await page.locator('output').textContent().then(String),
        new RegExp(`^${row}, ${column}: `),
      );
      const seen = await view().evaluate((box) => ({
        ...{ left: box.scrollLeft, top: box.scrollTop, width: box.clientWidth, height: box.clientHeight },
      }));
      const [x, y] = [column * cell.width - seen.left, row * cell.height - seen.top];
      const isSeen =
        x >= 0 &&
        y >= 0 &&
        x + cell.width <= seen.width - gutter.left &&
        y + cell.height <= seen.height - gutter.top;
      assert.ok(isSeen, `${key}: ${row}, ${column} at ${x}, ${y} of ${seen.width} × ${seen.height}`);
      // What is framed is that cell; its signs are drawn in the middle, so above it.
      assert.equal(
        await colourAt(gutter.left + x + 5, gutter.top + y + 4),
        await colourOf({ row, column }),
        key,
      );
    });
  }
  await page.keyboard.press('Enter');
  await eventually(async () =>
    assert.deepEqual(await page.evaluate(() => map.pressed), [{ row: 30, column: 0 }]),
  );
});

test('a pointer that rests on the map does not move the cell that the keyboard chose', async () => {
  await show({ rows: 90, columns: 120, kind: 'sequential', cell: { width: 20, height: 16 } });
  const { x, y } = await box();
  await page.mouse.move(x + gutter.left + 210, y + gutter.top + 8);
  await isPointed({ row: 0, column: 10 });
  await view().focus();
  for (let i = 0; i < 6; i++) await page.keyboard.press('PageDown');
  await isPointed({ row: 60, column: 10 });
  await frames();
  await page.waitForTimeout(300);
  assert.deepEqual(await lastPointed(), { row: 60, column: 10 });
  // Nor when the map moves away below it.
  await page.evaluate(() => document.body.style.setProperty('padding-top', '700px'));
  await frames();
  await page.waitForTimeout(300);
  assert.deepEqual(await lastPointed(), { row: 60, column: 10 });
  await page.keyboard.press('ArrowRight');
  await isPointed({ row: 60, column: 11 });
  await page.keyboard.press('ArrowLeft');
  await page.evaluate(() => document.body.style.removeProperty('padding-top'));
  await frames();
  // Moved again, it counts.
  await page.mouse.move(x + gutter.left + 230, y + gutter.top + 8);
  await eventually(async () => assert.equal((await lastPointed())?.column, 11));
});

test('the cell under the pointer changes when the map scrolls', async () => {
  await show({ rows: 90, columns: 120, kind: 'sequential', cell: { width: 20, height: 16 } });
  const { x, y } = await box();
  await page.mouse.move(x + gutter.left + 10, y + gutter.top + 8);
  await isPointed({ row: 0, column: 0 });
  await page.mouse.wheel(0, 160);
  await eventually(async () => assert.equal(await view().evaluate((map) => map.scrollTop), 160));
  await frames();
  await page.waitForTimeout(300);
  await isPointed({ row: 10, column: 0 });
});

test('the map scrolls to what is marked from outside, and not to a kept cell when the pointer leaves', async () => {
  await show({ rows: 90, columns: 120, kind: 'sequential', cell: { width: 20, height: 16 } });
  const top = () => view().evaluate((box) => box.scrollTop);
  const mark = async (cell: Partial<Cell> | null, kept?: Partial<Cell>) => {
    await page.evaluate((at) => map.mark(at.cell, at.kept), { cell, ...(kept && { kept }) });
    await frames();
  };
  await mark({ row: 80 });
  const scrolled = await eventually(async () => {
    const to = await top();
    assert.ok(to > 0);
    return to;
  });
  await mark(null);
  assert.equal(await top(), scrolled);
  await mark(null, { row: 2 });
  assert.equal(await top(), scrolled, 'what is only kept is not sought');
  await mark({ row: 2 }, { row: 2 });
  await eventually(async () => assert.ok((await top()) < scrolled));
  // What the pointer itself is on is seen, also where only a part of it is.
  await scrollTo(0, 8);
  const { x, y } = await box();
  await page.mouse.move(x + gutter.left + 10, y + gutter.top + 4);
  await page.mouse.move(x + gutter.left + 12, y + gutter.top + 4);
  await isPointed({ row: 0, column: 0 });
  await mark({ row: 0, column: 0 });
  assert.equal(await top(), 8);
});

test('a picture that is too large for a canvas is exported less fine, never blank', async () => {
  await show({ rows: 3, columns: 2000, kind: 'diverging', cell: { width: 20, height: 20 } });
  const found = await page.evaluate(async () => {
    const image = new Image();
    image.src = `data:image/png;base64,${await map.png()}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [200, image.height];
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const ratio = image.width / 20_020;
    const at = (x: number, y: number) =>
      `rgb(${[...context.getImageData(x * ratio, y * ratio, 1, 1).data.slice(0, 3)].join(', ')})`;
    return { width: image.width, colours: [at(15, 5), at(25, 15)] };
  });
  assert.equal(found.width, 16_384);
  assert.deepEqual(found.colours, [
    await colourOf({ row: 0, column: 1 }),
    await colourOf({ row: 1, column: 2 }),
  ]);
});

test('an exported PNG has the colours of the cells, twice as fine', async () => {
  await show({ rows: 5, columns: 7, kind: 'diverging', cell: { width: 20, height: 20 } });
  const pixels = await page.evaluate(async () => {
    const image = new Image();
    image.src = `data:image/png;base64,${await map.png()}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const at = (x: number, y: number) =>
      `rgb(${[...context.getImageData(x, y, 1, 1).data.slice(0, 3)].join(', ')})`;
    const cells = [0, 1, 2, 3, 4].map((row) =>
      [0, 1, 2, 3, 4, 5, 6].map((column) => [
        at(column * 20, row * 20),
        at(column * 20 + 19, row * 20 + 19),
        map.colourOf({ row, column }),
      ]),
    );
    const others = [at(141, 0), at(151, 11), at(168, 28), at(171, 31)];
    return { width: image.width, height: image.height, cells, others };
  });
  assert.deepEqual([pixels.width, pixels.height], [180, 100]);
  for (const [row, cells] of pixels.cells.entries()) {
    for (const [column, [first, last, expected]] of cells.entries()) {
      assert.deepEqual([first, last], [expected, expected], `${row}, ${column}`);
    }
  }
  const [background, square] = ['rgb(16, 32, 48)', 'rgb(254, 220, 186)'];
  assert.deepEqual(pixels.others, [background, square, square, background]);
});
