/** From the page's questions to the engine's verbs. Knows no editor, so that pages can be tried without one. */
import type { ModelText } from '../../../protocol/engine.ts';
import { limits } from '../../../protocol/limits.ts';
import type { AttentionPanel, MapViewName, Prediction } from '../../../protocol/panels/attention.ts';
import type { AnswerOf, ParamsOf, QuestionName } from '../../../protocol/panels/page.ts';
import type {
  AttentionMap,
  AttentionThumbnails,
  HeadPatterns,
  NextTokens,
} from '../../../protocol/results.ts';
import { shownToken } from '../../../text/pieceNames.ts';
import type { EngineVerbs, RequestOptions } from '../../engine/client.ts';

export type AttentionEngine = Pick<
  EngineVerbs,
  'thumbnails' | 'attentionMap' | 'headPatterns' | 'distribution'
>;
type Options = Pick<RequestOptions, 'cancellation'>;

/** Candidates shown of a prediction. */
const shown = 5;

/** What head patterns are measured on, if it fits: as TransformerLens' head detector does, from a fixed seed. */
const measured = { seed: 0, length: 50, sequences: 8 };

/** The contrast of what the model expects after the text with its strongest competitor. */
const prediction = { at: { kind: 'end' }, target: { kind: 'top' }, foil: { kind: 'top' } } as const;

export class AttentionAnswers {
  readonly #engine: AttentionEngine;
  /** By the hash of the model: they are about no text. */
  readonly #patterns = new Map<string, HeadPatterns>();
  /** The model that read the thumbnails' text, which the patterns are to be of: a folder's files can be replaced. */
  #model: { dir: string; sha256: string } | null = null;

  constructor(engine: AttentionEngine) {
    this.#engine = engine;
  }

  /** @throws EngineError */
  async answer<N extends QuestionName<AttentionPanel>>(
    name: N,
    params: ParamsOf<AttentionPanel, N>,
    text: ModelText,
    options: Options,
  ): Promise<AnswerOf<AttentionPanel, N>> {
    const answers: {
      [M in QuestionName<AttentionPanel>]: (
        params: ParamsOf<AttentionPanel, M>,
      ) => Promise<AnswerOf<AttentionPanel, M>>;
    } = {
      thumbnails: ({ size }) => this.#thumbnails(size, text, options),
      map: (asked) => this.#map(asked, text, options),
      patterns: () => this.#measured(text, options),
      prediction: ({ without }) => this.#prediction(without, text, options),
    };
    return answers[name](params);
  }

  async #thumbnails(size: number, text: ModelText, options: Options): Promise<AttentionThumbnails> {
    const answer = await this.#engine.thumbnails({ ...text, size }, asks('thumbnails', options));
    this.#model = { dir: text.modelDir, sha256: answer.receipt.model.sha256 };
    return answer;
  }

  #map(
    { view, layer, head, withoutFirst, gradient }: ParamsOf<AttentionPanel, 'map'>,
    text: ModelText,
    options: Options,
  ): Promise<AttentionMap> {
    const asked = { ...text, size: null, withoutFirst, gradient: gradient ? prediction : null };
    return this.#engine.attentionMap({ ...asked, view: viewOf(view, layer, head) }, asks('map', options));
  }

  async #measured(text: ModelText, options: Options): Promise<HeadPatterns> {
    const { modelDir } = text;
    const known = this.#model?.dir === modelDir && this.#patterns.get(this.#model.sha256);
    if (known) return known;
    const found = await this.#engine.headPatterns({ modelDir, ...measured }, asks('patterns', options));
    this.#patterns.set(found.model.sha256, found);
    return found;
  }

  async #prediction(without: Prediction['without'], text: ModelText, options: Options): Promise<Prediction> {
    const asking = asks('prediction', options);
    const top = limits.alternatives;
    const before = await this.#engine.distribution(nextTokens(text, [], top), asking);
    const after =
      without.length > 0 ? await this.#engine.distribution(nextTokens(text, without, top), asking) : before;
    return {
      receipt: after.receipt,
      without,
      before: before.candidates.slice(0, shown),
      after: after.candidates.slice(0, shown),
      target: targetIn(before, after),
    };
  }
}

/** Each question of the page has a lane of its own. */
function asks(question: QuestionName<AttentionPanel>, options: Options): RequestOptions {
  return { lane: `panel.attention.${question}`, ...options };
}

function viewOf(view: MapViewName, layer: number, head: number) {
  if (view === 'head') return { kind: view, layer, head };
  return view === 'layer' ? { kind: view, layer } : { kind: view };
}

/** The model's own distribution after the text. */
function nextTokens(text: ModelText, without: Prediction['without'], top: number) {
  return { ...text, at: { kind: 'end' }, top, temperature: 1, topK: 0, topP: 1, without } as const;
}

/** What was most probable, and what has become of it. */
function targetIn(before: NextTokens, after: NextTokens): Prediction['target'] {
  const target = before.candidates[0]!;
  const found = after.candidates.find(({ id }) => id === target.id);
  const rest = after.candidates.at(-1)!.probability;
  const chances = { before: target.probability, after: found?.probability ?? rest, isBound: !found };
  return { ...shownToken(target), ...chances };
}
