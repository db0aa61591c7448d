import { l10n } from 'vscode';
import { beliefInShort, beliefText } from '../../text/telling/belief.ts';
import { title } from '../../text/telling/prediction.ts';
import { remarks } from '../../text/telling/remarks.ts';
import { type Report, reportOf } from '../../text/telling/report.ts';
import { howText } from '../../text/telling/sums.ts';
import type { ScoresOf } from '../../text/telling/tokens.ts';
import { telling } from '../telling.ts';
import { asMarkdown } from '../text/escape.ts';
import type { ExplainedText } from './explainedText.ts';
import { hatchTextOn } from './opposition.ts';

/** Texts about an explained text that depend on the document it is in. */

/** The title, with what a person must know at once: that not all of the selection is explained. */
export function headline({ explanation, isTail }: ExplainedText): string {
  if (!explanation) return '';
  const whole = title(explanation, telling);
  if (!isTail) return whole;
  return l10n.t('{0} (last {1} tokens)', whole, telling.numbers.count(explanation.tokens.length));
}

/** The text that is shown when there is no explanation. */
export function nothingYet(): string {
  return l10n.t(
    'Nothing is explained yet. Select some text in an editor and run “Whytoken: Explain Selection”.',
  );
}

export function remarksOn(explained: ExplainedText): string[] {
  const { explanation, choice, isTail, contextChanged } = explained;
  const { evidence } = explained;
  const belief = explanation && evidence && beliefText(explanation, evidence, telling);
  const hatched = hatchTextOn(explained);
  return [
    ...remarks(
      explanation,
      { ...choice, isTail, endsInSpace: endsInSpace(explained), contextChanged },
      telling,
    ),
    ...(belief ? [belief] : []),
    ...(hatched ? [hatched] : []),
  ];
}

/** How far it can be believed, in short; null as long as that is not known. */
export function beliefOn({ explanation, evidence }: ExplainedText): string | null {
  return explanation && evidence && beliefInShort(explanation, evidence, telling);
}

/** What is said of it in short, in Markdown, wherever a pointer asks. */
export function summary(explained: ExplainedText): string[] {
  const { explanation } = explained;
  if (!explanation) return [];
  const [question, ...more] = [
    title(explanation, telling),
    ...remarksOn(explained),
    howText(explanation, telling),
  ];
  return [`**${asMarkdown(question)}**`, ...more.map(asMarkdown)];
}

/** The prediction comes after a space; a tab at the end is a token of its own. */
export function endsInSpace({ question, snapshot }: ExplainedText): boolean {
  return question.at === null && snapshot.text.endsWith(' ');
}

export function reportOn(explained: ExplainedText, scoresOf: ScoresOf): Report | null {
  const { explanation, tokens } = explained;
  return explanation && reportOf(explanation, tokens, scoresOf, remarksOn(explained), telling);
}
