/** The walkthrough as a person meets it, with its pictures and its last button. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { useWorkbench } from '../harness/installed.ts';

const installed = useWorkbench({ files: { 'notes.md': 'The capital of France is\n' } });

const pictures = {
  'Explain a selection': 'Paris',
  'Ask a token': '"London"',
  'Let the model continue': 'Once upon a time',
  'Look at the whole text': 'theorem',
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

test('its last button asks for the folder of a model', async () => {
  const { page } = installed.workbench;
  await page.getByRole('button', { name: 'Choose Model Folder' }).click();
  const dialog = page.locator('.quick-input-widget', { hasText: 'A folder with config.json' });
  await dialog.getByRole('button', { name: 'Use This Model' }).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
});
