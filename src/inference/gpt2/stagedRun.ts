/** Runs the stages of a graph (`onnx/stages.ts`), again and again. */
import type { Run } from '../run.ts';
import type { Feeds, Program } from '../runtime/backend.ts';
import type { Tensor } from '../runtime/tensors.ts';
import type { Pacer } from './pacer.ts';

/**
 * The values that stages hand on take half a megabyte per token at 124M parameters. They are written into the memory of
 * the last run with the same stages and shapes; {@link release} frees it without waiting for the garbage collector.
 */
export class StagedRun {
  readonly #handedOn = new Map<string, Tensor>();
  #stages: readonly Program[] = [];
  #shapes = '';

  /**
   * @param pace learns how long so many rows took
   * @returns the graph's outputs: the values that no later stage uses
   */
  async evaluate(
    stages: readonly Program[],
    feeds: Feeds,
    run: Run,
    { pace, rows }: { pace: Pacer; rows: number },
  ): Promise<Record<string, Float32Array>> {
    this.#expect(stages, feeds);
    const results: Record<string, Float32Array> = {};
    let milliseconds = 0;
    for (const [index, stage] of stages.entries()) {
      if (index > 0) await run.breathe();
      const inputs = stage.inputNames.map(
        (name) => [name, feeds[name] ?? (this.#handedOn.get(name) as Tensor)] as const,
      );
      const places = stage.outputNames.map((name) => [name, this.#handedOn.get(name) ?? null] as const);
      const start = performance.now();
      const outputs = await stage.run(Object.fromEntries(inputs), Object.fromEntries(places));
      milliseconds += performance.now() - start;
      const later = new Set(stages.slice(index + 1).flatMap(({ inputNames }) => inputNames));
      for (const [name, tensor] of Object.entries(outputs)) {
        if (later.has(name)) this.#handedOn.set(name, tensor);
        else results[name] = tensor.data as Float32Array;
      }
    }
    pace.learn(rows, milliseconds);
    return results;
  }

  /** Frees the memory. The next evaluation allocates it again. */
  release(): void {
    // Node 20 has no `transfer`, so there the garbage collector frees it.
    for (const { data } of this.#handedOn.values()) (data as Float32Array<ArrayBuffer>).buffer.transfer?.(0);
    this.#handedOn.clear();
  }

  /** Forgets the values handed on by other stages, which may have the same names, or for other shapes. */
  #expect(stages: readonly Program[], feeds: Feeds): void {
    const dims = Object.entries(feeds).map(([name, tensor]) => [name, ...tensor.dims]);
    const shapes = JSON.stringify(dims);
    const known =
      stages.length === this.#stages.length && stages.every((stage, i) => stage === this.#stages[i]);
    if (!known || shapes !== this.#shapes) this.release();
    this.#stages = stages;
    this.#shapes = shapes;
  }
}
