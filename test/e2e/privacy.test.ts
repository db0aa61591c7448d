/** What is left on the disk after a session in which everything was looked at: nothing of the text, and nothing typed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWorkbench } from '../harness/installed.ts';
import { browserStorage, filesOf } from '../harness/storage.ts';

/** Each is one token, which does not stand in anything that the workbench itself writes. */
const text = 'Egypt and Germany and Italy. Egypt and Germany and';
const ofText = ['Egypt', 'Germany', 'Italy'];
const typed = { foil: 'Turkey', followed: 'Mexico', refused: 'Warsaw Warsaw' };
const secrets = [...ofText, 'Turkey', 'Mexico', 'Warsaw'];

const installed = useWorkbench({
  files: { 'notes.md': `${text}\n` },
  settings: { 'whytoken.hover': 'always', 'whytoken.evidence': false },
});

async function openText(): Promise<void> {
  const { workbench } = installed;
  await workbench.run('View: Close All Editors');
  await workbench.openFile('notes.md');
  // The find widget would keep what was looked for, so the selection is made by keys.
  await workbench.page.keyboard.press('Control+Home');
  await workbench.page.keyboard.press('Shift+End');
  await workbench.statusBar(`(${text.length} selected)`).waitFor();
}

/** What all that is stored tells of the text, after a reload, for which VS Code writes down what the panel is to keep. */
async function toldAfterReload(tab: string, chosen: RegExp): Promise<string[]> {
  const { workbench, folders } = installed;
  await workbench.run('Developer: Reload Window');
  await workbench.page.getByRole('tab', { name: tab }).waitFor({ state: 'detached' });
  await workbench.page.getByRole('tab', { name: tab }).waitFor();
  const stored = [...filesOf(folders), ...(await browserStorage(workbench.page))];
  assert.ok(
    stored.some(({ text }) => chosen.test(text.replaceAll('\\', ''))),
    `what the page of ${tab} keeps was looked into`,
  );
  return stored.flatMap(({ place, text }) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
}

test('explained, hovered, followed, asked about with what was typed: nothing of it is on the disk', async () => {
  const { workbench } = installed;
  const { page } = workbench;
  await openText();
  await workbench.run('Whytoken: Explain Selection');
  await workbench.statusBar(/Why "/).waitFor();
  await workbench.choose('Developer: Set Log Level...');
  await workbench.quickInputRows().filter({ hasText: 'Whytoken' }).first().click();
  await workbench.quickInputRows().filter({ hasText: 'Trace' }).first().click();
  await workbench.quickInput().waitFor({ state: 'hidden' });
  await workbench.choose('Whytoken: Why Not …?');
  await page.getByPlaceholder('Pick an alternative, or type any text').fill(typed.foil);
  await workbench
    .quickInputRows()
    .filter({ hasText: `" ${typed.foil}"` })
    .click();
  await workbench.statusBar(`and not " ${typed.foil}"`).waitFor();
  await workbench.hover('Italy').then((hover) => hover.getByText(/Probability here/).waitFor());

  await workbench.run('Whytoken: Open Explanation Panel');
  await workbench.webview().getByRole('tab', { name: 'Two methods' }).click();
  await workbench
    .webview()
    .getByText(/Rank correlation/)
    .waitFor();
  assert.deepEqual(await toldAfterReload('Explanation', /"view":"compare"/), []);
  // Asked anew, against the usual foil: the page comes back by itself.
  await workbench
    .webview()
    .getByText(/Rank correlation/)
    .waitFor();

  await openText();
  await workbench.run('Whytoken: Open Probabilities Panel');
  const panel = workbench.webview();
  await panel.getByRole('tab', { name: 'Logit lens' }).click();
  const field = panel.getByLabel('Follow a token');
  await field.fill(typed.refused);
  await panel.getByRole('button', { name: 'Follow', exact: true }).click();
  await panel.getByText(/tokens for this model/).waitFor();
  await field.fill(` ${typed.followed}`);
  await panel.getByRole('button', { name: 'Follow', exact: true }).click();
  await panel.getByRole('heading', { name: typed.followed }).waitFor();
  assert.deepEqual(await toldAfterReload('Probabilities', /"tab":"lens"/), []);
  await workbench
    .webview()
    .getByText(/The output is at the top/)
    .waitFor();

  for (const [command, tab, sign, chosen] of [
    ['Open Attention Panel', 'Attention', 'Row: the query', /"threshold":/],
    ['Open Structure Panel', 'Structure', 'embedding', /"expanded":/],
  ] as const) {
    await openText();
    await workbench.run(`Whytoken: ${command}`);
    await workbench.webview().getByText(sign).first().waitFor();
    assert.deepEqual(await toldAfterReload(tab, chosen), []);
    await workbench.webview().getByText(sign).first().waitFor();
  }
  const logs = filesOf(installed.folders).filter(({ place }) => /Whytoken.*\.log$/.test(place));
  const log = logs.map(({ text }) => text).join('\n');
  assert.match(log, /tokens for this model/, 'what was refused is in the log');
  const kept = (await browserStorage(page)).map(({ text }) => text).join('\n');
  assert.match(kept, /panel\.probabilities/, 'what the extension keeps was looked into');
});
