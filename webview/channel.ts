import * as v from 'valibot';
import { type FromPanel, type PanelState, panelState, type ToPanel, toPanel } from '../src/protocol/panel.ts';

interface Host {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();

export function send(message: FromPanel): void {
  host.postMessage(message);
}

/** What does not have the shape of a message is passed over. */
export function listen(receive: (message: ToPanel) => void): void {
  window.addEventListener('message', ({ data }) => {
    const parsed = v.safeParse(toPanel, data);
    if (parsed.success) receive(parsed.output);
  });
}

/** What was on screen before the tab was hidden or the window reloaded. */
export function restore(): PanelState | null {
  const parsed = v.safeParse(panelState, host.getState());
  return parsed.success ? parsed.output : null;
}

export function save(state: PanelState): void {
  host.setState(state);
}
