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
 * Memory that a run of a 124M model frees would otherwise stay in the process, 120 MB of it, between memory that is in
 * use. Large blocks that are allocated separately are returned at once, which costs at most 5 % of speed. glibc's
 * settings; other libraries ignore them.
 */
const allocator = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: String(2 ** 17),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 24),
};
/** V8's young generation in MB: reading a tokenizer would let it grow to 48 MB, though nothing of that is kept. */
const v8Options = ['--max-semi-space-size=2'];

/**
 * Forks `program` with the executable that runs us. In a desktop's extension host that is Electron, which is Node only
 * when told so. Structured clone on the channel keeps typed arrays what they are.
 */
export function spawnEngine(program: EngineProgram): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, ...allocator, ...program.env, ELECTRON_RUN_AS_NODE: '1' };
  // NODE_OPTIONS is for the person's own programs: a `--require` or a memory limit must not apply to our process.
  delete env.NODE_OPTIONS;
  return fork(program.entry, [], {
    execPath: process.execPath,
    execArgv: [...v8Options, ...(program.execArgv ?? [])],
    env,
    serialization: 'advanced',
    detached: false,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}
