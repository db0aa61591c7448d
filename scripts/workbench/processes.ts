/** Child processes that never outlive the script or test that started them. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '../lib/report.ts';

export interface ProcessGroup {
  readonly child: ChildProcess;
  /** Resolves when the process has ended, whoever ended it. */
  readonly ended: Promise<void>;
  /** Asks the whole group to end, and kills it after two seconds. */
  stop(): Promise<void>;
}

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid!, signal);
  } catch {
    // The group has ended already.
  }
}

/** Starts a command as the leader of its own process group, which ends when this process does. */
export function spawnGroup(command: string, args: string[], options: SpawnOptions): ProcessGroup {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  const kill = () => signalGroup(child, 'SIGKILL');
  const stop = async () => {
    signalGroup(child, 'SIGTERM');
    await Promise.race([ended, sleep(2000, undefined, { ref: false })]);
    kill();
    await ended;
    process.off('exit', kill);
    for (const signal of endingSignals) process.off(signal, stopAndExit);
  };
  const stopAndExit = () => void stop().then(() => process.exit(process.exitCode ?? 1));
  process.prependOnceListener('exit', kill);
  for (const signal of endingSignals) process.once(signal, stopAndExit);
  return { child, ended, stop };
}

/**
 * Runs a command to its end.
 * @returns what it printed on both channels.
 * @throws Problem with the last lines of its output when it cannot be started or fails.
 */
export async function runToEnd(command: string, args: string[], options: SpawnOptions = {}): Promise<string> {
  const group = spawnGroup(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let failure: Error | undefined;
  group.child.on('error', (error) => {
    failure = error;
  });
  for (const stream of [group.child.stdout!, group.child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve) => {
    group.child.once('close', resolve);
  });
  await group.stop();
  if (failure || code !== 0) {
    const lastLines = output.trim().split('\n').slice(-15).join('\n');
    const how = failure ? `cannot be started: ${failure.message}` : `failed with exit code ${code}`;
    throw new Problem(`"${[command, ...args].join(' ')}" ${how}.\n${lastLines}`);
  }
  return output;
}
