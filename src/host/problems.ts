import { inspect } from 'node:util';
import { commands, type Disposable, EventEmitter, type LogOutputChannel, l10n, window } from 'vscode';
import { EngineError, type ErrorCode, errorTexts, messageForLog } from '../protocol/errors.ts';
import { shortened } from '../protocol/safeText.ts';
import { isModelSetSomewhere } from './modelName.ts';

/** Codes of requests that somebody ended on purpose. They are not reported. */
const wanted: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['cancelled', 'superseded']);

/**
 * Codes that are about what a person typed or selected. The status item tells them; all other errors are shown as
 * messages, because something has to be done elsewhere.
 */
const aboutTheText: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'text-empty',
  'text-too-long',
  'map-too-large',
  'range-invalid',
  'first-token',
  'position-invalid',
  'position-before-range',
  'token-unknown',
  'token-not-single',
  'foil-is-target',
  'foil-needed',
  'goal-reached',
  'process-exited',
  'process-unresponsive',
]);

/** Codes that another model puts right. */
const aboutTheModel: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'model-folder-missing',
  'file-missing',
  'file-unreadable',
  'file-outside-folder',
  'file-too-large',
  'file-changed',
  'json-invalid',
  'config-invalid',
  'config-unsupported',
  'safetensors-invalid',
  'tensor-missing',
  'tensor-unexpected',
  'tensor-shape',
  'tensor-dtype',
  'tensor-not-finite',
  'scratch-failed',
  'tokenizer-invalid',
  'result-not-finite',
]);

/** Codes that a setting puts right which the settings page shows in any window. */
const aboutSettings: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['option-invalid', 'layers-missing']);

/**
 * Turns errors into sentences and tells each of them once: in the status item, or as a message if somebody must act.
 */
export class Problems implements Disposable {
  readonly #log: LogOutputChannel;
  readonly #noted = new EventEmitter<string>();
  readonly #withdrawn = new EventEmitter<string>();

  /** A sentence for the status item. */
  readonly onDidNote = this.#noted.event;
  /** A sentence that is not true any more. */
  readonly onDidWithdraw = this.#withdrawn.event;

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  /** Tells something that is not an error. It may name tokens of the text, so it is not written to the log. */
  note(sentence: string): void {
    this.#noted.fire(sentence);
  }

  /** What was told is not true any more. */
  withdraw(sentence: string): void {
    this.#withdrawn.fire(sentence);
  }

  /**
   * The sentence for an error that is told where the question was asked. Also writes it to the log. Null for an end
   * that was wanted.
   */
  sentence(thrown: unknown): string | null {
    const error = asEngineError(thrown);
    if (wanted.has(error.code)) return null;
    this.#log.error(loggedText(error));
    return l10n.t(errorTexts[error.code], { ...error.facts });
  }

  report(thrown: unknown): void {
    const error = asEngineError(thrown);
    if (wanted.has(error.code)) {
      this.#log.debug(error.message);
      return;
    }
    this.#log.error(loggedText(error));
    const sentence = l10n.t(errorTexts[error.code], { ...error.facts });
    if (aboutTheText.has(error.code)) this.#noted.fire(sentence);
    else void this.#ask(sentence, error);
  }

  /** Writes an error to the log only. */
  log(thrown: unknown): void {
    this.#log.debug(loggedText(asEngineError(thrown)));
  }

  dispose(): void {
    this.#noted.dispose();
    this.#withdrawn.dispose();
  }

  async #ask(sentence: string, error: EngineError): Promise<void> {
    const actions = new Map<string, () => unknown>();
    // In a remote window the settings page has the model's setting on a tab of its own, which no query opens.
    if (aboutTheModel.has(error.code)) {
      actions.set(l10n.t('Choose Folder…'), () => commands.executeCommand('whytoken.chooseModelFolder'));
      if (isModelSetSomewhere())
        actions.set(l10n.t('Use the Bundled Model'), () =>
          commands.executeCommand('whytoken.useBundledModel'),
        );
    }
    if (aboutSettings.has(error.code)) {
      const ours = '@ext:whytoken.whytoken';
      actions.set(l10n.t('Open Settings'), () =>
        commands.executeCommand('workbench.action.openSettings', ours),
      );
    }
    if (error.code === 'version-mismatch') {
      actions.set(l10n.t('Reload Window'), () => commands.executeCommand('workbench.action.reloadWindow'));
    }
    if (error.code === 'process-gave-up') {
      actions.set(l10n.t('Restart the Engine'), () => commands.executeCommand('whytoken.restartEngine'));
    }
    actions.set(l10n.t('Show Log'), () => this.#log.show());
    const chosen = await window.showErrorMessage(sentence, ...actions.keys());
    if (chosen) await actions.get(chosen)?.();
  }
}

/**
 * What may be written to the log: of bad input nothing that a person wrote. With the stack, where it is for us to mend; a
 * message that is not ours can be of any length.
 */
export function loggedText(error: EngineError): string {
  return error.isBadInput ? messageForLog(error) : shortened(inspect(error), 8000, 4000);
}

export function asEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new EngineError('internal', { reason }, { cause: thrown });
}
