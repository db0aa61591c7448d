import type { Disposable, Event } from 'vscode';
import type { PanelProtocol } from '../../protocol/panels/page.ts';
import type { PanelSide } from './conversation.ts';

/** What one panel shows, and what it answers. It knows no webview: `Panel` talks to that. */
export interface PanelSource<P extends PanelProtocol> extends PanelSide<P>, Disposable {
  /** `whytoken.…`, as in the manifest. */
  readonly viewType: string;
  /** The script and the style sheet in dist/webview. */
  readonly entry: string;
  readonly title: string;
  /** Something else is to be shown. */
  readonly onDidChange: Event<void>;
  /** A token is pointed at in the editor: an index into the content's tokens, null: none. */
  readonly onDidPoint: Event<number | null>;
  /** The panel is opened by a person: what is to be shown now is what they look at. */
  look(): void;
  /** The window was reloaded with the panel open: what was looked at then is taken again, where it can be found. */
  restore?(): Promise<void>;
}
