import { linkArgument, linkedDocument } from '../commandLinks.ts';
import type { Problems } from '../problems.ts';
import type { Generator } from './generator.ts';
import { outdatedNote } from './notes.ts';

/** `whytoken.continueFrom`, which only links run. */
export async function continueFromLink(
  argument: unknown,
  generator: Generator,
  problems: Problems,
): Promise<void> {
  const link = linkArgument('whytoken.continueFrom', argument);
  if (!link) return;
  const { offset, end, alternative } = link;
  const document = linkedDocument(link);
  if (!document || offset > end || end > document.getText().length) {
    problems.note(outdatedNote(alternative));
    return;
  }
  await generator.continueFrom(document, offset, end, alternative);
}
