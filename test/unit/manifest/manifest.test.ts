/** What the manifest promises that no program checks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import manifest from '../../../package.json' with { type: 'json' };
import { commandNames } from '../../../src/host/names.ts';

const { contributes, capabilities } = manifest;
const settings = contributes.configuration.flatMap(({ properties }) => Object.keys(properties));

test('the settings of a restricted workspace choose nothing', () => {
  assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, settings);
});

test('every command is ours and in our category, and every key and menu item runs one of them', () => {
  const commands = new Set(contributes.commands.map(({ command }) => command));
  for (const { command, category } of contributes.commands) {
    assert.match(command, /^whytoken\.[a-z][A-Za-z]+$/);
    assert.equal(category, 'Whytoken');
  }
  const items = contributes.menus['whytoken.editor'].map(({ command }) => command);
  const keys = contributes.keybindings.map(({ command }) => command);
  // Hides the candidates that are on screen: nothing to be called by its name.
  for (const command of [...items, ...keys]) {
    assert.ok(commands.has(command) || command === 'whytoken.dismissCandidates', command);
  }
  const registered = new Set(commandNames.map((name) => `whytoken.${name}`));
  assert.deepEqual(
    [...commands].filter((command) => !registered.has(command)),
    [],
  );
});

test('no two commands have one key where both could run, but Escape', () => {
  const keys = contributes.keybindings.map(({ key }) => key).filter((key) => key !== 'escape');
  assert.deepEqual(keys, [...new Set(keys)]);
  for (const { key, mac } of contributes.keybindings.filter((binding) => 'mac' in binding)) {
    assert.equal(mac, key.replaceAll('ctrl', 'cmd'));
  }
});

test('nothing of ours opens by itself', () => {
  assert.ok(contributes.walkthroughs.every(({ when }) => when === 'whytoken.used'));
  const panels = ['explanation', 'attention', 'probabilities', 'structure'];
  assert.deepEqual(manifest.activationEvents, [
    'onStartupFinished',
    ...panels.map((panel) => `onWebviewPanel:whytoken.${panel}`),
  ]);
});
