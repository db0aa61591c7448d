/**
 * Switches the workbench to another display language. VS Code does so only when it knows a language pack; Microsoft's
 * packs are not on the npm registry, so this adds an empty one: VS Code's own texts stay English, and the extension's
 * texts come from its own bundles.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Folders } from './folders.ts';

export function addEmptyLanguagePack(folders: Folders, locale: string): void {
  const translations = path.join(folders.user, 'no-translations.json');
  writeFileSync(translations, JSON.stringify({ contents: {} }));
  const pack = {
    hash: 'empty',
    extensions: [{ extensionIdentifier: { id: 'whytoken-tests.empty-language-pack' }, version: '0.0.0' }],
    translations: { vscode: translations },
  };
  writeFileSync(path.join(folders.user, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}
