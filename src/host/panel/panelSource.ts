import type { CancellationToken, Disposable, Event } from 'vscode';
import type {
  AnswerOf,
  ContentOf,
  Labels,
  OrderOf,
  PanelProtocol,
  ParamsOf,
  QuestionName,
} from '../../protocol/panels/page.ts';

export interface Call<Answer> {
  readonly cancellation: CancellationToken;
  /** A part of the answer that can be shown already. */
  readonly report: (partial: Answer) => void;
}

/** What one panel shows, and what it answers. It knows no webview: `Panel` talks to that. */
export interface PanelSource<P extends PanelProtocol> extends Disposable {
  readonly protocol: P;
  /** `whytoken.…`, as in the manifest. */
  readonly viewType: string;
  /** The script and the style sheet in dist/webview. */
  readonly entry: string;
  readonly title: string;
  /** Something else is to be shown. */
  readonly onDidChange: Event<void>;
  /** A token is pointed at in the editor: an index into the content's tokens, null: none. */
  readonly onDidPoint: Event<number | null>;
  labels(): Labels;
  /** Null: there is nothing to show now. */
  content(): ContentOf<P> | null;
  /** The panel is opened by a person: what is to be shown now is what they look at. */
  look(): void;
  /** The window was reloaded with the panel open: what was looked at then is taken again, where it can be found. */
  restore?(): Promise<void>;
  /** @throws EngineError, which is told on the page */
  answer<N extends QuestionName<P>>(
    name: N,
    params: ParamsOf<P, N>,
    call: Call<AnswerOf<P, N>>,
  ): Promise<AnswerOf<P, N>>;
  obey(order: OrderOf<P>): void;
  /** Outlines a token of the content in the editor; null: none. */
  point(token: number | null): void;
}
