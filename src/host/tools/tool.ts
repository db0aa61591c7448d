import type { GenericSchema } from 'valibot';
import type { EngineClient, RequestOptions } from '../engine/client.ts';
import type { Settings } from '../settings.ts';

/** What a language model may call. It writes English to the model, and the person's language to the person. */
export interface Tool<Input> {
  /** As in the manifest, under `languageModelTools`. */
  readonly name: string;
  /** The manifest's `inputSchema` says the same in JSON. */
  readonly input: GenericSchema<unknown, Input>;
  /** For the person who looks on. */
  doing(): string;
  /**
   * @returns at most {@link answerUnits} characters
   * @throws EngineError
   */
  run(input: Input, world: ToolWorld): Promise<string>;
}

/** What a tool works with. A tool's text belongs to no document, so the window's settings hold. */
export interface ToolWorld {
  engine: EngineClient;
  settings: Settings;
  /** For every request: the call has a lane of its own, and the person's requests go first. */
  options: Required<Pick<RequestOptions, 'lane' | 'rank' | 'cancellation'>>;
}
