/** What a verb of the command line is, and what it works with. */
import { Run } from '../inference/run.ts';
import type { EngineApi } from '../inference/serve/server.ts';
import type { Progress } from '../protocol/engine.ts';
import type { OptionName, OptionValues } from './options.ts';
import { ProgressLine } from './terminal/progressLine.ts';
import type { Screen } from './terminal/screen.ts';

export interface Verb {
  /** One line for the help. */
  summary: string;
  /** What the last argument is: a text, which may also come from standard input; a file that is needed or not; or nothing. */
  argument: 'text' | 'file' | null;
  options: readonly OptionName[];
  run(call: Call): Promise<void>;
}

export interface Call {
  values: OptionValues;
  /** Exactly as given; empty for a verb that reads none. */
  text: string;
  /** Null for a verb that takes none, and where none was given. */
  file: string | null;
  screen: Screen;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
}

/**
 * Opens an engine for one piece of work, and shows its progress. The engine, and with it the native runtime, is
 * imported here, so that help and bad options are answered at once.
 */
export async function withEngine<Q, R>(
  { screen, signal, values }: Call,
  work: (engine: EngineApi, run: Run<Progress<Q>>) => Promise<R>,
  onPartial: (partial: Q) => void = () => {},
): Promise<R> {
  const { openEngine } = await import('../inference/serve/engine.ts');
  const engine = openEngine('throughput');
  const line = new ProgressLine(process.stderr, screen.isTerminal && values.json === undefined);
  const run = new Run<Progress<Q>>(signal, (progress) => {
    line.show(progress);
    if (progress.partial !== undefined) onPartial(progress.partial);
  });
  try {
    return await work(engine, run);
  } finally {
    line.clear();
    await engine.dispose();
  }
}
