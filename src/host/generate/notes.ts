import { env, l10n } from 'vscode';
import { type NamedToken, tokenName } from '../../text/pieceNames.ts';
import { quoted } from '../../text/visible.ts';
import type { SessionEnd } from './session.ts';

/** What the status item says about generating. */

export function readOnlyNote(): string {
  return l10n.t('This editor is read-only, so nothing can be generated into it.');
}

export function changedNote(): string {
  return l10n.t('Generating stopped, because the text was changed meanwhile.');
}

export function emptyNote(seed: number): string {
  return l10n.t('Nothing was generated: every candidate ended immediately. The seed was {0}.', seed);
}

/**
 * @param cursors that there were
 * @param first what every candidate begins with
 */
export function offeredNote(
  seed: number,
  candidates: number,
  { cursors, first }: { cursors: number; first: NamedToken | null },
): string {
  const made =
    first === null
      ? l10n.t('Generated with seed {0}.', seed)
      : l10n.t('Generated from {0} with seed {1}.', quoted(tokenName(first)), seed);
  const sentences = [made, keysSentence(candidates)];
  if (cursors > 1) sentences.push(l10n.t('There are {0} cursors: only the one made first is used.', cursors));
  return sentences.join(' ');
}

/** What was asked about is gone. */
export function outdatedNote(alternative: NamedToken): string {
  return l10n.t(
    'The text has changed since, so it was not continued from {0}.',
    quoted(tokenName(alternative)),
  );
}

export function notReplacedNote(): string {
  return l10n.t('Nothing was replaced, because the text was changed meanwhile.');
}

export function replacedNote(alternative: NamedToken, seed: number): string {
  return l10n.t(
    'Replaced, from {0} on, with seed {1}. Undo brings the old text back.',
    quoted(tokenName(alternative)),
    seed,
  );
}

/** Null where the person knows why: they have just done it. */
export function endNote(why: SessionEnd, seed: number): string | null {
  switch (why) {
    case 'taken':
      return l10n.t('Generated with seed {0}.', seed);
    case 'changed':
      return changedNote();
    case 'refused':
      return l10n.t('The editor shows no suggestions here, so nothing was generated. It may be read-only.');
    case 'left':
    case 'cancelled':
      return null;
  }
}

function keysSentence(candidates: number): string {
  // In a remote window the keyboard is another machine's.
  const isMac = process.platform === 'darwin' && env.remoteName === undefined;
  const word = isMac ? '⌘→' : 'Ctrl+→';
  if (candidates === 1) return l10n.t('One candidate: Tab inserts it, {0} inserts a word.', word);
  const next = isMac ? '⌥]' : 'Alt+]';
  return l10n.t(
    '{0} candidates: Tab inserts one, {1} inserts a word, {2} shows the next.',
    candidates,
    word,
    next,
  );
}
