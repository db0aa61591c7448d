import type { Event } from 'vscode';

/** A cursor's place in a text as the token that covers it, by its index; null: none does. */
export function tokenPointed(
  onDidPoint: Event<number>,
  tokens: () => readonly { start: number; end: number }[],
): Event<number | null> {
  const tokenAt = (offset: number) => {
    const token = tokens().findIndex(({ start, end }) => start <= offset && offset < end);
    return token < 0 ? null : token;
  };
  return (listener, self, disposables) =>
    onDidPoint((offset) => listener.call(self, tokenAt(offset)), undefined, disposables);
}
