/** Where the pictures of the attention overlay stand: arcs have a shape wherever the query is, the card hides no key. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const lines = Array.from({ length: 60 }, (_, line) =>
  line % 7 === 0
    ? 'Marta Kowal lives in Lodz, near the old mill.'
    : `Line ${line + 1}: the river runs along the old stone wall and then under the bridge.`,
);
const installed = useWorkbench({
  files: {
    'notes.md': `${lines.join('\n')}\n`,
    'short.md': 'def walk(city):\n    return city\n\nwalk(city)\n',
  },
  settings: { 'editor.wordWrap': 'on', 'workbench.colorTheme': 'Default Light Modern' },
});

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
interface Drawn {
  lineHeight: number;
  frame: Box;
  caret: Box;
  query: Box;
  keys: Box[];
  cards: Box[];
  arcs: Box[];
}

/** Everything in pixels of the text's own plane, read in one go. */
function drawn(): Promise<Drawn> {
  return installed.workbench.page.evaluate(() => {
    const editor = document.querySelector('.editor-group-container.active .monaco-editor')!;
    const plane = editor.querySelector('.lines-content')!.getBoundingClientRect();
    const boxOf = (element: Element) => {
      const { left, top, right, bottom } = element.getBoundingClientRect();
      return {
        left: left - plane.left,
        top: top - plane.top,
        right: right - plane.left,
        bottom: bottom - plane.top,
      };
    };
    const anchors = [...editor.querySelectorAll('.view-overlays [class*="ced-"]')].map((element) => ({
      name: getComputedStyle(element).getPropertyValue('anchor-name'),
      box: boxOf(element),
    }));
    const pseudo = [...editor.querySelectorAll('.view-line [class*="ced-"]')]
      .flatMap((one) => ['::before', '::after'].map((part) => getComputedStyle(one, part)))
      .filter(({ position }) => position === 'fixed')
      .map((style) => {
        const [left, top, width, height] = [style.left, style.top, style.width, style.height].map(
          Number.parseFloat,
        ) as [number, number, number, number];
        const isCard = style.borderRadius === '3px';
        const isArc = style.zIndex === '-1';
        return { isCard, isArc, left, top, right: left + width, bottom: top + height };
      });
    const frame = boxOf(editor.querySelector('.editor-scrollable')!);
    const inSight = ({ left, top, right, bottom }: Box) =>
      right > frame.left && left < frame.right && bottom > frame.top && top < frame.bottom;
    return {
      lineHeight: Number.parseFloat(getComputedStyle(editor.querySelector('.view-line')!).lineHeight),
      frame,
      caret: boxOf(editor.querySelector('.cursor')!),
      query: anchors.find(({ name }) => name === '--whytoken-query')!.box,
      keys: anchors.filter(({ name }) => name.startsWith('--whytoken-key')).map(({ box }) => box),
      cards: pseudo.filter((one) => one.isCard && inSight(one)),
      arcs: pseudo.filter((one) => one.isArc && inSight(one) && one.right - one.left > 4),
    };
  });
}

const hides = (card: Box, key: Box) =>
  card.left < key.right - 1 &&
  key.left < card.right - 1 &&
  card.top < key.bottom - 1 &&
  key.top < card.bottom - 1;

/** What is drawn at the cursor; the card hides nothing that is attended to. */
function atCursor(): Promise<Drawn> {
  return eventually(async () => {
    const found = await drawn();
    const { frame, caret, query, keys, cards, arcs } = found;
    const isThere = caret.left >= query.left - 1 && caret.left <= query.right + 1;
    assert.ok(isThere && Math.abs(caret.top - query.top) < 3, 'the query is at the cursor');
    assert.equal(cards.length, 1, 'one card is in sight');
    assert.ok(
      cards[0]!.bottom <= frame.bottom + 3,
      JSON.stringify({ why: 'all of the card is in sight', cards, frame, query }),
    );
    assert.ok(arcs.length > 0, 'arcs are in sight');
    for (const box of [query, ...keys]) {
      assert.ok(!hides(cards[0]!, box), `${JSON.stringify(cards[0])} hides ${JSON.stringify(box)}`);
    }
    return found;
  });
}

async function at(line: number, column: number): Promise<Drawn> {
  const { workbench } = installed;
  await workbench.page.keyboard.press('Control+g');
  await workbench.quickInput().fill(`:${line}:${column}`);
  await workbench.page.keyboard.press('Enter');
  await workbench.quickInput().waitFor({ state: 'hidden' });
  return atCursor();
}

const heightOf = ({ top, bottom }: Box) => bottom - top;

test('on the first line arcs are below it, elsewhere above; on adjacent lines they have a shape', async () => {
  const { workbench } = installed;
  await workbench.openFile('notes.md');
  await workbench.run('Whytoken: Show or Hide Attention');
  const first = await at(1, 30);
  for (const arc of first.arcs) {
    assert.ok(
      arc.top >= first.query.bottom - 1 && heightOf(arc) > 0.8 * first.lineHeight,
      JSON.stringify(arc),
    );
  }
  assert.ok(first.cards[0]!.top >= first.arcs[0]!.bottom - 3, 'the card hides no arc');
  await workbench.screenshot('attention-line-1');
  const second = await at(2, 40);
  for (const arc of second.arcs) {
    assert.ok(
      arc.bottom <= second.query.top + 1 && heightOf(arc) > 0.8 * second.lineHeight,
      JSON.stringify(arc),
    );
  }
  await workbench.screenshot('attention-line-2');
});

test('the card hides no key where the editor ends, nor in a narrow one', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  await at(29, 11);
  const last = await at(60, 40);
  assert.equal(heightOf(last.cards[0]!) > 100, true, 'there is room below the text');
  await at(36, 11);
  // Up to the last line in sight, with less and less room below the query.
  for (const room of [160, 100, 60, 18]) {
    let found = await drawn();
    while (found.frame.bottom - found.query.bottom > room) {
      await page.keyboard.press('Control+ArrowUp');
      const { top } = found.frame;
      found = await eventually(async () => {
        const now = await drawn();
        assert.ok(now.frame.top < top);
        return now;
      });
    }
    await atCursor();
    await workbench.screenshot(`attention-room-${room}`);
  }
  const size = page.viewportSize()!;
  await page.setViewportSize({ ...size, width: 680 });
  await at(29, 11);
  await at(60, 40);
  await workbench.screenshot('attention-narrow-end');
  await page.setViewportSize(size);
});

test('the card stands beside short lines', async () => {
  const { workbench } = installed;
  await workbench.openFile('short.md');
  await workbench.run('Whytoken: Show or Hide Attention');
  const { cards, query } = await at(2, 14);
  assert.ok(cards[0]!.left > query.right && Math.abs(cards[0]!.top - query.top) < 2, JSON.stringify(cards));
  await workbench.screenshot('attention-beside');
});
