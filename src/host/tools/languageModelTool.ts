import { randomUUID } from 'node:crypto';
import {
  CancellationError,
  type CancellationToken,
  LanguageModelTextPart,
  type LanguageModelTool,
  type LanguageModelToolInvocationOptions,
  LanguageModelToolResult,
  type LogOutputChannel,
  type PreparedToolInvocation,
} from 'vscode';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { EngineClient } from '../engine/client.ts';
import { asEngineError, loggedText } from '../problems.ts';
import type { Settings } from '../settings.ts';
import { parseInput } from './input.ts';
import type { Tool } from './tool.ts';

/** A refusal repeats what was given, which may be long. */
const refusalUnits = 1_000;

/** What a model can do, where the sentence for a person does not say it. */
const hints: Partial<Record<ErrorCode, string>> = {
  'token-not-single':
    'A token in the middle of a sentence usually begins with a space: " Paris", not "Paris".',
  'token-unknown': 'Give the token’s text instead.',
};

/** A tool as the editor calls it: checks the input, runs it behind the person's own requests, and words its failures. */
export class CallableTool<Input> implements LanguageModelTool<unknown> {
  readonly #tool: Tool<Input>;
  readonly #engine: EngineClient;
  readonly #settings: Settings;
  readonly #log: LogOutputChannel;

  constructor(tool: Tool<Input>, engine: EngineClient, settings: Settings, log: LogOutputChannel) {
    this.#tool = tool;
    this.#engine = engine;
    this.#settings = settings;
    this.#log = log;
  }

  prepareInvocation(): PreparedToolInvocation {
    return { invocationMessage: this.#tool.doing() };
  }

  /** @throws Error whose message tells the model what was wrong; CancellationError */
  async invoke(
    { input }: LanguageModelToolInvocationOptions<unknown>,
    cancellation: CancellationToken,
  ): Promise<LanguageModelToolResult> {
    const options = { lane: `tool ${randomUUID()}`, rank: 'filling-in', cancellation } as const;
    const world = { engine: this.#engine, settings: this.#settings, options };
    const parsed = parseInput(this.#tool.input, input);
    try {
      const answer = await this.#tool.run(parsed, world);
      return new LanguageModelToolResult([new LanguageModelTextPart(answer)]);
    } catch (error) {
      throw this.#asRefusal(error);
    }
  }

  #asRefusal(thrown: unknown): Error {
    const error = asEngineError(thrown);
    if (error.code === 'cancelled') return new CancellationError();
    this.#log.info(`${this.#tool.name}: ${loggedText(error)}`);
    const sentence = error.message.slice(0, refusalUnits).toWellFormed();
    return new Error([sentence, hints[error.code]].filter(Boolean).join(' '));
  }
}
