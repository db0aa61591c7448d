import type { CancellationToken, TextDocument } from 'vscode';
import type { DistributionParams } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { ProbableToken } from '../../protocol/results.ts';
import type { EngineVerbs } from '../engine/client.ts';
import { documentLane } from '../engine/documentLane.ts';
import { onceMore } from '../engine/onceMore.ts';
import { modelText } from '../explain/request.ts';
import { blockOf } from '../score/blocks.ts';
import type { Settings } from '../settings.ts';
import { cutBehindToken } from '../text/cut.ts';

type Expected = readonly ProbableToken[];

/** As many as the engine continues to whole characters. */
const asked = 10;

/**
 * What was expected somewhere, named by whole characters. A text's scores come with the pieces of characters that are in
 * its vocabulary: which character the model would make of one, it is asked only where somebody looks.
 */
export class WholeExpectations {
  readonly #engine: Pick<EngineVerbs, 'distribution'>;
  readonly #settings: Settings;
  /** By what the scores came with. */
  readonly #known = new WeakMap<Expected, Expected>();

  constructor(engine: Pick<EngineVerbs, 'distribution'>, settings: Settings) {
    this.#engine = engine;
    this.#settings = settings;
  }

  /** Null: they are pieces, and have not been asked about. */
  of(expected: Expected): Expected | null {
    if (expected.every(({ name }) => name === undefined)) return expected;
    return this.#known.get(expected) ?? null;
  }

  /**
   * Asks about what was expected at an offset. Where there is no answer the pieces keep their names; not so when the
   * question was cancelled.
   */
  async ask(
    document: TextDocument,
    offset: number,
    expected: Expected,
    cancellation: CancellationToken,
  ): Promise<void> {
    const text = document.getText();
    const { base } = blockOf(text, { start: offset, end: offset });
    const read = text.slice(base, cutBehindToken(text, offset));
    try {
      const params: DistributionParams = {
        ...modelText(read, document, this.#settings),
        ...{ at: { kind: 'offset', offset: offset - base }, top: asked },
        ...{ temperature: 1, topK: 0, topP: 1, without: [] },
      };
      const { candidates } = await onceMore(() =>
        this.#engine.distribution(params, {
          lane: documentLane('hover.expected', document),
          cancellation,
        }),
      );
      const names = new Map(candidates.map(({ id, name }) => [id, name]));
      this.#known.set(
        expected,
        expected.map((token) => {
          const name = token.name === undefined ? undefined : names.get(token.id);
          return name === undefined ? token : { ...token, name };
        }),
      );
    } catch (error) {
      const isOver = error instanceof EngineError && ['cancelled', 'superseded'].includes(error.code);
      if (!isOver) this.#known.set(expected, expected);
    }
  }
}
