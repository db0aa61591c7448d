/**
 * Makes this Node process a child of the extension host: connects it, lowers its priority, and ends it with the parent.
 */
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { type EngineApi, serve } from './server.ts';

const watchEveryMs = 500;

/** Serves the parent over the fork's channel until the parent closes it or dies. */
export function serveParent(createEngine: () => Promise<EngineApi>): void {
  if (process.send === undefined) {
    console.error(
      'The inference process is started by the extension; for scripts there is the command line.',
    );
    process.exit(2);
  }
  yieldToTyping();
  process.on('disconnect', () => process.exit());
  killWithParent();
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process), {
    error: console.error,
    warn: console.error,
    info: console.error,
    log: console.error,
  });
  serve(connection, createEngine);
  connection.listen();
}

/**
 * Below-normal priority, so that typing stays smooth. Set before the runtime is loaded because on Linux a priority
 * belongs to a thread, and the runtime's threads inherit it from this one.
 */
function yieldToTyping(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    console.error(`The priority stays as it is: ${error}`);
  }
}

/**
 * `disconnect` is only noticed between two slices, and some native calls (the first touch of a large model on a slow
 * disk) last longer than the child may outlive its parent. So another thread watches the parent. On POSIX an orphan
 * gets a new parent; on Windows it keeps the old parent's number, which then names no process.
 */
function killWithParent(): void {
  const parent = process.ppid;
  const watch = `
    setInterval(() => {
      let alive = process.ppid === ${parent};
      try { process.kill(${parent}, 0); } catch (error) { alive &&= error.code !== 'ESRCH'; }
      if (!alive) process.kill(process.pid, 'SIGKILL');
    }, ${watchEveryMs});`;
  new Worker(watch, { eval: true }).unref();
}
