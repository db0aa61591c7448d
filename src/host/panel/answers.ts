/** How the questions of a panel's page are answered. */
import type { CancellationToken } from 'vscode';
import type { AnswerOf, PanelProtocol, ParamsOf, QuestionName } from '../../protocol/panels/page.ts';

export interface Call<Answer> {
  readonly cancellation: CancellationToken;
  /** A part of the answer that can be shown already. */
  readonly report: (partial: Answer) => void;
}

/**
 * One function for each question of a panel. The page shows the errors that it throws. Our panels' functions need no
 * editor at run time, so that a page can be tried without one.
 */
export type PanelAnswers<P extends PanelProtocol> = {
  readonly [N in QuestionName<P>]: (
    params: ParamsOf<P, N>,
    call: Call<AnswerOf<P, N>>,
  ) => Promise<AnswerOf<P, N>>;
};
