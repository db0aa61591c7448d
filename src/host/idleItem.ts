import { l10n, StatusBarAlignment, type StatusBarItem, window } from 'vscode';

/** The one item of the status bar, which says nothing yet. */
export function makeItem(): StatusBarItem {
  const item = window.createStatusBarItem('whytoken.status', StatusBarAlignment.Left, 0);
  item.name = 'Whytoken';
  item.text = '$(lightbulb) Whytoken';
  item.accessibilityInformation = { label: 'Whytoken', role: 'button' };
  item.tooltip = menuHint();
  item.command = 'whytoken.showMenu';
  item.show();
  return item;
}

export const menuHint = () => l10n.t('Click to choose what is shown on the text.');
