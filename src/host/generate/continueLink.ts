import { type LinkedCommand, linkArgument, linkedDocument } from '../commandLinks.ts';
import { closeHover } from '../hover/closeHover.ts';
import type { Problems } from '../problems.ts';
import type { Generator } from './generator.ts';
import { outdatedNote } from './notes.ts';

type Branching = Extract<LinkedCommand, 'whytoken.continueFrom' | 'whytoken.replaceFrom'>;

/** The commands that begin with an alternative, which only links run. */
export async function continueFromLink(
  command: Branching,
  argument: unknown,
  generator: Generator,
  problems: Problems,
): Promise<void> {
  const link = linkArgument(command, argument);
  if (!link) return;
  const { offset, end, alternative } = link;
  const document = linkedDocument(link);
  await closeHover(document);
  if (!document || offset > end || end > document.getText().length) {
    problems.note(outdatedNote(alternative));
    return;
  }
  if (command === 'whytoken.continueFrom') await generator.continueFrom(document, offset, alternative);
  else await generator.replaceFrom(document, offset, end, alternative);
}
