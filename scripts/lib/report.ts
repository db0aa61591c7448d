/** How the scripts report to the person who runs them. */

/** An expected failure: its message says what is wrong and what to do, so no stack is shown. */
export class Problem extends Error {
  override name = 'Problem';
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs a script's main function; a {@link Problem} ends it with its sentence and exit code 1. */
export async function main(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

const signOfLifeMs = 15_000;

/** Prints that a step begins, now and then that it still goes on, and at the end how long it took. */
export async function step<T>(title: string, run: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  const seconds = () => ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`• ${title} …`);
  const timer = setInterval(() => console.log(`  … ${seconds()} s`), signOfLifeMs);
  try {
    const result = await run();
    console.log(`  done in ${seconds()} s`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
