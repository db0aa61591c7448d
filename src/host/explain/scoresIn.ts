import type { ScoresOf } from '../../text/telling/tokens.ts';
import type { ScoredDocuments } from '../score/scoredDocuments.ts';
import type { ExplainedText } from './explainedText.ts';

/** The scores of an explained text's tokens as the document has them, with everything in front as context. */
export function scoresIn(scored: ScoredDocuments, explained: ExplainedText): ScoresOf {
  const { document } = explained;
  return (token) => scored.at(document, document.offsetAt(explained.rangeOf(token).start));
}
