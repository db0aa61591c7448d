import { l10n, type Range, type TextDocument } from 'vscode';
import { quoted } from '../../text/visible.ts';
import { isProposalWanted } from '../proposal.ts';

/** Characters of a text that are told in the question; the comparison has all of it. */
const mostTold = 40;

/** Shows a document beside what it would be, and asks whether that is wanted; false if it was changed meanwhile. */
export function isReplacementWanted(document: TextDocument, replaced: Range, text: string): Promise<boolean> {
  const [start, end] = [document.offsetAt(replaced.start), document.offsetAt(replaced.end)];
  const whole = document.getText();
  return isProposalWanted(document, {
    content: whole.slice(0, start) + text + whole.slice(end),
    place: replaced,
    question: l10n.t(
      'Replace {0} by {1}? Nothing is changed before you do.',
      told(whole.slice(start, end)),
      told(text),
    ),
    accept: l10n.t('Replace'),
  });
}

function told(text: string): string {
  const characters = [...text];
  return quoted(characters.length > mostTold ? `${characters.slice(0, mostTold).join('')}…` : text);
}
