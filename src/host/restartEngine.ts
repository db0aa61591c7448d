import { l10n } from 'vscode';
import type { Parts } from './parts.ts';

/**
 * `Whytoken: Restart the Engine`: after it was given up, or because somebody wants another process. What is under way
 * ends as if it were cancelled; what is shown on texts asks again.
 */
export async function restartEngine({
  engine,
  overlays,
  problems,
  scored,
}: Pick<Parts, 'engine' | 'overlays' | 'problems' | 'scored'>): Promise<void> {
  try {
    await engine.restart();
    scored.retry();
    overlays.askAgain();
    problems.note(l10n.t('The engine was restarted.'));
  } catch (error) {
    problems.report(error);
  }
}
