/** What VS Code is told to suggest, and what a person does with it. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

export async function until(condition: () => boolean, what = String(condition)): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await sleep(10);
  assert.ok(condition(), what);
}

type Register = typeof vscode.languages.registerInlineCompletionItemProvider;

/** Every answer of every inline completion provider, as its texts. */
export class Suggestions implements vscode.Disposable {
  readonly answers: string[][] = [];
  /** When each was given, in milliseconds. */
  readonly times: number[] = [];
  providers = 0;
  readonly #register: Register = vscode.languages.registerInlineCompletionItemProvider;

  /** @param isOwn of the parts under test: what the extension itself, active beside them, would suggest is left out */
  constructor(isOwn: (provider: vscode.InlineCompletionItemProvider) => boolean = () => true) {
    vscode.languages.registerInlineCompletionItemProvider = (selector, provider) => {
      if (!isOwn(provider)) return new vscode.Disposable(() => {});
      const registration = this.#register(selector, {
        provideInlineCompletionItems: async (...args) => {
          const items = (await provider.provideInlineCompletionItems(
            ...args,
          )) as vscode.InlineCompletionItem[];
          this.times.push(performance.now());
          this.answers.push(items.map(({ insertText }) => insertText as string));
          return items;
        },
      });
      this.providers += 1;
      return new vscode.Disposable(() => {
        this.providers -= 1;
        registration.dispose();
      });
    };
  }

  get last(): string[] | undefined {
    return this.answers.at(-1);
  }

  /** Waits until VS Code has been told these, in this order. */
  async are(...texts: string[]): Promise<void> {
    const isSame = () => JSON.stringify(this.last) === JSON.stringify(texts);
    for (let i = 0; i < 1000 && !isSame(); i++) await sleep(10);
    assert.deepEqual(this.last, texts);
  }

  dispose(): void {
    vscode.languages.registerInlineCompletionItemProvider = this.#register;
  }
}

/** Runs one of VS Code's commands on suggestions until it has changed the text: they are shown a moment later. */
export async function accept(part: 'commit' | 'acceptNextWord' | 'acceptNextLine'): Promise<string> {
  const { document } = vscode.window.activeTextEditor!;
  const before = document.version;
  for (let i = 0; i < 200 && document.version === before; i++) {
    await vscode.commands.executeCommand(`editor.action.inlineSuggest.${part}`);
    if (document.version === before) await sleep(20);
  }
  assert.notEqual(document.version, before, `${part} has changed nothing`);
  return document.getText();
}

/** Whether something is suggested: then it can be accepted. Undone at once. */
export async function isNothingShown(): Promise<boolean> {
  const { document } = vscode.window.activeTextEditor!;
  const before = document.version;
  await sleep(300);
  await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
  return document.version === before;
}

/** The command ends before VS Code has shown it. */
export async function showNext(): Promise<void> {
  await vscode.commands.executeCommand('editor.action.inlineSuggest.showNext');
  await sleep(200);
}
