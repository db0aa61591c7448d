import { CancellationTokenSource, type Disposable } from 'vscode';
import { EngineError } from '../../protocol/errors.ts';
import type { EngineClient } from '../engine/client.ts';
import type { Jobs } from '../jobs.ts';
import type { Problems } from '../problems.ts';
import type { Settings } from '../settings.ts';
import type { ExplainedText } from './explainedText.ts';
import type { ExplainedTexts } from './explainedTexts.ts';

/** In milliseconds: whoever asks one thing after the other does not wait for what is measured in between. */
const pause = 1000;
/** With fewer tokens chance does as well; with more it takes too long for what nobody asked for. */
const [fewest, most] = [4, 64];

/**
 * While nothing else is under way, measures how far the explanation that is looked at can be believed. It is given up as
 * soon as somebody asks for anything, and begins again afterwards.
 */
export class EvidenceFiller implements Disposable {
  readonly #engine: Pick<EngineClient, 'evidence'>;
  readonly #texts: ExplainedTexts;
  readonly #jobs: Jobs;
  readonly #settings: Settings;
  readonly #problems: Problems;
  readonly #subscriptions: Disposable[];
  #timer: NodeJS.Timeout | undefined;
  #request: CancellationTokenSource | null = null;

  constructor(
    engine: Pick<EngineClient, 'evidence'>,
    texts: ExplainedTexts,
    jobs: Jobs,
    settings: Settings,
    problems: Problems,
  ) {
    this.#engine = engine;
    this.#texts = texts;
    this.#jobs = jobs;
    this.#settings = settings;
    this.#problems = problems;
    this.#subscriptions = [
      texts.onDidChange(({ kind }) => {
        if (kind !== 'moved' && kind !== 'weighed') this.#soon();
      }),
      jobs.onDidChange(() => this.#soon()),
    ];
  }

  dispose(): void {
    this.#stop();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #soon(): void {
    this.#stop();
    if (this.#jobs.running.length > 0) return;
    const explained = this.#texts.lookedAt;
    if (!explained || !this.#isWanted(explained)) return;
    this.#timer = setTimeout(() => void this.#measure(explained), pause);
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#request?.cancel();
    this.#request = null;
  }

  #isWanted({ document, explanation, choice, evidence, params }: ExplainedText): boolean {
    if (!explanation || explanation.refining || evidence || choice.kind === 'live') return false;
    const { length } = explanation.tokens;
    if (length < fewest || length > most) return false;
    // In the meantime another model may have been chosen.
    return this.#settings.get('evidence', document) && params.modelDir === this.#settings.modelDir(document);
  }

  async #measure(explained: ExplainedText): Promise<void> {
    const { explanation, params, intact } = explained;
    if (!explanation || !intact) return;
    const source = new CancellationTokenSource();
    this.#request = source;
    try {
      const evidence = await this.#engine.evidence(
        {
          ...params,
          scores: explanation.tokens.map(({ score }) => score),
          removals: ['baseline', 'mask'],
          depth: 'correlations',
          ...{ others: [], otherBaselines: false, evidenceSeed: 0 },
        },
        { lane: 'evidence', cancellation: source.token },
      );
      if (!source.token.isCancellationRequested) this.#texts.weigh(explained, explanation, evidence);
    } catch (error) {
      const isGivenUp = error instanceof EngineError && ['cancelled', 'superseded'].includes(error.code);
      if (!isGivenUp) this.#problems.log(error);
    } finally {
      source.dispose();
      if (this.#request === source) this.#request = null;
    }
  }
}
