/** Starts the inference process. */
import { type ChildProcess, fork } from 'node:child_process';

export interface EngineProgram {
  /** The bundled entry of the inference process. */
  entry: string;
  /** Options for Node itself; none unless somebody debugs or tests. */
  execArgv?: readonly string[];
  /** Added to our own environment. */
  env?: Readonly<Record<string, string>>;
}

/**
 * Forks `program` with the executable that runs us. In a desktop's extension host that is Electron, which is Node only
 * when told so. Structured clone on the channel keeps typed arrays what they are.
 */
export function spawnEngine(program: EngineProgram): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, ...program.env, ELECTRON_RUN_AS_NODE: '1' };
  // Meant for the person's own programs: `--require` or a memory limit of theirs has no business here.
  delete env.NODE_OPTIONS;
  return fork(program.entry, [], {
    execPath: process.execPath,
    execArgv: [...(program.execArgv ?? [])],
    env,
    serialization: 'advanced',
    detached: false,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}
