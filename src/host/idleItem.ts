import { type ConfigurationScope, l10n, StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { modelName } from './modelName.ts';

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

/** @param scope of the text that is looked at */
export const menuHint = (scope?: ConfigurationScope) =>
  `${l10n.t('Click to choose what is shown on the text.')} ${l10n.t('Model: {0}', modelName(scope))}`;
