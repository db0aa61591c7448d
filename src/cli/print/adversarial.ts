/** For a person: how many single edits of each kind change the prediction, and the worst of them. */
import type { Adversarial } from '../../protocol/results.ts';
import { editKindName, kindText } from '../../text/telling/edits.ts';
import { padEnd } from '../terminal/columns.ts';
import { glance, label, nextLine, numbers, type Page, receiptLines, telling } from './common.ts';
import { editLine } from './flip.ts';

export function printAdversarial(
  { receipt, before, kinds, worst, evaluations }: Adversarial,
  page: Page,
): string {
  const { chalk } = page;
  const rows = kinds.map(
    (one) => `  ${padEnd(editKindName(one.kind, telling), 22)} ${kindText(one, telling)}`,
  );
  const shown = worst.slice(0, glance).map(({ edit, says }) => {
    return `${padEnd(editLine(edit), 66)} ${label(says)} ${numbers.percent(says.probability)}`;
  });
  const parts = [
    nextLine(before.next, page),
    [chalk.bold('Single edits that change it'), ...rows].join('\n'),
    ...(shown.length > 0 ? [[chalk.bold('The worst'), ...shown].join('\n')] : []),
    [`${numbers.count(evaluations)} evaluations`, ...receiptLines(receipt)].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}
