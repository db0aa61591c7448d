/** The same in Chinese, and in a high-contrast theme. */
import { test } from 'node:test';
import { useWorkbench } from '../harness/installed.ts';

const installed = useWorkbench({
  files: { 'notes.md': 'The capital of the United Kingdom is London, and the capital of France is Paris.\n' },
  settings: { 'workbench.colorTheme': 'Default High Contrast' },
  locale: 'zh-cn',
});

test('commands, status bar, hover and panel speak Chinese', async () => {
  const { workbench } = installed;
  await workbench.openFile('notes.md');
  await workbench.select('the capital of France is');
  await workbench.run('Whytoken: 解释所选内容');
  const status = workbench.statusBar(/为什么是/);
  await status.waitFor();
  const hover = await workbench.hover('France');
  await hover.getByText(/此处概率/).waitFor();
  await workbench.screenshot('hover-high-contrast-chinese');
  await workbench.run('Whytoken: 打开解释面板');
  const panel = workbench.webview();
  await panel.locator('dt', { hasText: '贡献之和' }).waitFor();
  await panel.locator('h1', { hasText: /^为什么是/ }).waitFor();
  await workbench.screenshot('panel-high-contrast-chinese');
});
