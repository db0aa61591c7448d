/** The walkthrough as a person meets it, with its pictures and its buttons; in a dark theme, as start.test.ts is light. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const installed = useWorkbench({
  files: { 'notes.md': 'The capital of France is\n' },
  settings: {
    'editor.occurrencesHighlight': 'singleFile',
    'workbench.colorTheme': 'Default Dark Modern',
  },
});

/** Whether a step is ticked. */
const isDone = (step: string) =>
  installed.workbench.page
    .locator(`[data-done-step-id$="#${step}"]`)
    .getAttribute('aria-checked')
    .then((checked) => checked === 'true');

const pictures = {
  'Explain a selection': 'Paris',
  'Ask a token': '" France"',
  'Let the model continue': 'garden',
  'Look at the whole text': 'Paris',
  'Use the real GPT-2': 'model.safetensors',
};

test('every step shows its picture in the colours of the theme', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  // Pictures are only shown where there is room for them.
  await page.setViewportSize({ width: 1500, height: 860 });
  await workbench.run('Whytoken: Get Started');
  const steps = page.locator('.getting-started-step');
  await steps.first().waitFor();
  await eventually(async () =>
    assert.deepEqual(await page.locator('.step-title').allInnerTexts(), Object.keys(pictures)),
  );
  for (const [title, text] of Object.entries(pictures)) {
    await page.locator('.step-title', { hasText: title }).click();
    const drawn = workbench.webview().locator('svg text', { hasText: text }).first();
    await drawn.waitFor();
    await eventually(async () => {
      const [ink, paper] = await drawn.evaluate((element) => {
        const card = element.closest('svg')!.querySelector('rect')!;
        return [getComputedStyle(element).fill, getComputedStyle(card).fill];
      });
      assert.ok(
        ink !== paper && ink !== 'rgb(0, 0, 0)' && paper !== 'rgb(0, 0, 0)',
        `${title}: ${ink} on ${paper}`,
      );
    });
    await workbench.screenshot(`walkthrough-${title.replaceAll(' ', '-').toLowerCase()}`);
  }
});

/** Presses a button of a step, from the walkthrough, which stays in sight. */
async function press(title: string, button: string): Promise<void> {
  const { page } = installed.workbench;
  const step = page.locator('.getting-started-step', { hasText: title });
  if (!(await step.evaluate((element) => element.classList.contains('expanded')))) {
    await step.locator('.step-title').click();
  }
  await step.locator('.monaco-button, a', { hasText: button }).click();
}

test('each button opens its sample and shows it there; the step is done then, and not before', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  const shown = (text: RegExp) => workbench.statusBar(text).waitFor();
  const isShown = async (file: string) => page.locator('.tab.active', { hasText: file }).waitFor();

  // A command that shows nothing ticks nothing.
  await workbench.run('Whytoken: Explain Selection');
  await shown(/Open a text and select/);
  for (const step of ['select', 'hover', 'generate', 'overlays', 'model'])
    assert.ok(!(await isDone(step)), step);

  await press('Explain a selection', 'Why “Paris”');
  await isShown('capital.md');
  await shown(/Why " Paris" .* and not " London"/);
  await eventually(async () => assert.ok(await isDone('select')));
  await workbench.screenshot('walkthrough-tried-select');

  await press('Ask a token', 'Explain a Token That Surprised');
  await isShown('surprise.md');
  await shown(/Why " Paris" .* and not " Saturday"/);
  await workbench.screenshot('walkthrough-tried-token');
  await eventually(async () => assert.ok(await isDone('hover')));
  // " Paris" stands there three times: VS Code's own marks of equal words would be taken for our colours.
  const equalWords = page.locator('.view-overlays .wordHighlightText');
  const backgrounds = () =>
    equalWords.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
  await eventually(async () => assert.deepEqual(await backgrounds(), Array(3).fill('rgba(0, 0, 0, 0)')));
  await page.keyboard.press('Escape');
  await eventually(async () => {
    const shown = await backgrounds();
    assert.ok(shown.length === 3 && !shown.includes('rgba(0, 0, 0, 0)'), shown.join());
  });

  await press('Let the model continue', 'Continue a Story');
  await isShown('story.md');
  await page
    .locator('.ghost-text-decoration', { hasText: /red.ball/ })
    .first()
    .waitFor();
  await eventually(async () => assert.ok(await isDone('generate')));
  await workbench.screenshot('walkthrough-tried-generate');

  await press('Look at the whole text', 'Show Surprisal');
  await isShown('surprise.md');
  await shown(/Surprisal: [\d.]+ bits/);
  await eventually(async () => assert.ok(await isDone('overlays')));
  await workbench.screenshot('walkthrough-tried-surprisal');
  await press('Look at the whole text', 'Show Attention');
  await isShown('name.md');
  await shown(/"ow" attends most to "al"/);
  await workbench.screenshot('walkthrough-tried-attention');
  await press('Look at the whole text', 'Switch a Head Off');
  await shown(/Why "al"/);
  await page.locator('.tab.active', { hasText: 'Attention' }).waitFor();
  await workbench.screenshot('walkthrough-tried-head');
  assert.ok(!(await isDone('model')));
});

test('its last button asks for the folder of a model', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  // The attention panel stands in front of it.
  await workbench.run('Whytoken: Get Started');
  await press('Use the real GPT-2', 'Choose Model Folder');
  const dialog = page.locator('.quick-input-widget', { hasText: 'A folder with config.json' });
  await dialog.getByRole('button', { name: 'Use This Model' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});
