import type { ExplainParams, TokenChoice } from '../../protocol/engine.ts';

/** A foil that a person chose. */
export type FoilChoice = TokenChoice | { kind: 'none' };

/** What a person asks about a document, in its UTF-16 offsets. */
export interface Question {
  /** What is explained: the tokens in it may have moved the prediction. */
  stretch: { start: number; end: number };
  /** An offset in the token whose prediction is meant; null: what comes after the stretch. */
  at: number | null;
  /** `actual`: the token that stands at the offset. */
  target: ExplainParams['target'];
  /** What it is held against; `none`: nothing; null: the strongest competitor, where the objective has one. */
  foil: FoilChoice | null;
  choice: Choice;
}

/** How the stretch was chosen, so that it can be told. */
export interface Choice {
  /**
   * `line`: nothing was selected, so it is the line or paragraph up to the cursor; `token`: the line or paragraph up to
   * the token that is asked about; `live`: the line while it is typed.
   */
  kind: 'selection' | 'line' | 'token' | 'live';
  /** How many selections there were. Only the primary one is explained. */
  selections: number;
  /** White space at the end was left out of the question. */
  isTrimmed?: boolean;
}

/** Why the model's own next token after a stretch? */
export function afterStretch(stretch: Question['stretch'], choice: Choice): Question {
  return { stretch, at: null, target: { kind: 'top' }, foil: null, choice };
}
