/** From the arguments to the exit code. */
import { parseArguments } from './arguments.ts';
import { describeFailure, exitCodes } from './failure.ts';
import { helpText, versionText } from './help.ts';
import { argumentText, readInput } from './input.ts';
import { stopOnSignals } from './stop.ts';
import { OutputError, Screen } from './terminal/screen.ts';
import { UsageError } from './usageError.ts';
import type { Verb } from './verb.ts';
import { type VerbName, verbs } from './verbs.ts';

export async function runCommandLine(args: readonly string[]): Promise<number> {
  const stop = stopOnSignals();
  // Nothing is left to do here: a failed write also rejects its own promise.
  process.stdout.on('error', () => {});
  try {
    await run(args, stop.signal);
    return exitCodes.ok;
  } catch (error) {
    if (stop.exitCode !== null) return stop.exitCode;
    // The reader has read enough, as `head` does, and closed the pipe.
    if (error instanceof OutputError && error.code === 'EPIPE') return exitCodes.ok;
    const { exitCode, text } = describeFailure(error);
    process.stderr.write(text);
    return exitCode;
  }
}

async function run(args: readonly string[], signal: AbortSignal): Promise<void> {
  const parsed = parseArguments<VerbName>(args, verbs);
  const screen = new Screen(process.stdout, signal);
  if (parsed.kind === 'version') return screen.write(versionText);
  if (parsed.kind === 'help') return screen.write(helpText(parsed.verb, screen.width));
  const verb: Verb = verbs[parsed.verb];
  const text = verb.argument === 'text' ? await readText(parsed, signal) : '';
  const file = verb.argument === 'file' ? parsed.text : null;
  await verb.run({ values: parsed.values, text, file, screen, signal });
}

async function readText(
  { text, dash }: { text: string | null; dash: boolean },
  signal: AbortSignal,
): Promise<string> {
  if (text !== null) return argumentText(text);
  if (process.stdin.isTTY && !dash) {
    throw new UsageError('There is no text. Give one as the last argument, or pipe it in.');
  }
  return readInput(process.stdin, signal);
}
