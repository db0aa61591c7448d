/** What the extension host reported of its test files. */
import type { SuiteEvent } from '../extension/run.ts';
import { accountFor, type FileOutcome, fail, nothingOf } from './outcome.ts';

/**
 * @param files those that were to be run.
 * @param ending what is known of how the run ended; it is told of the file in which it stopped, if it did.
 */
export function outcomesOf(
  files: readonly string[],
  events: readonly SuiteEvent[],
  ending: string,
): FileOutcome[] {
  const outcomes: FileOutcome[] = [];
  let open: FileOutcome | undefined;
  for (const event of events) {
    if (event.kind === 'begun') {
      open = nothingOf(event.file);
      outcomes.push(open);
    } else if (event.kind === 'ended') {
      open!.seconds = event.seconds;
      open = undefined;
    } else if (event.kind === 'failed') fail(open!, event);
    else if (event.kind !== 'end') open![event.kind]++;
  }
  if (open) fail(open, { title: open.file, error: `It did not come to its end: ${ending}` });
  return accountFor(files, outcomes);
}
