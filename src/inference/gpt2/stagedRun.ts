/** Runs the stages of a graph (`onnx/stages.ts`), again and again. */
import type { Run } from '../run.ts';
import type { Feeds, Program } from '../runtime/backend.ts';
import type { Tensor } from '../runtime/tensors.ts';
import type { Pacer } from './pacer.ts';

/**
 * What stages hand on is half a megabyte a token at 124M parameters. It is written where the last run of the
 * same stages and shapes had it, instead of into new memory; {@link release} gives it back without waiting for the
 * garbage collector.
 */
export class StagedRun {
  readonly #handedOn = new Map<string, Tensor>();
  #stages: readonly Program[] = [];
  #shapes = '';

  /**
   * @param pace learns how long so many rows took
   * @returns what no later stage asks for: the graph's outputs
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

  /** Gives memory back. The next evaluation makes it anew. */
  release(): void {
    // Node 20 has no `transfer`, and waits.
    for (const { data } of this.#handedOn.values()) (data as Float32Array<ArrayBuffer>).buffer.transfer?.(0);
    this.#handedOn.clear();
  }

  /** Forgets what was handed on by other stages, whose values may bear the same names, or for other shapes. */
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
