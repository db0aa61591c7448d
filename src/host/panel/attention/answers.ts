/** Answers the page's questions with the engine's verbs. */
import type { CancellationToken } from 'vscode';
import type { ModelText } from '../../../protocol/engine.ts';
import { limits } from '../../../protocol/limits.ts';
import type { AttentionPanel, MapViewName, Prediction } from '../../../protocol/panels/attention.ts';
import type { QuestionName } from '../../../protocol/panels/page.ts';
import type { HeadPatterns, NextTokens, TokenSpan } from '../../../protocol/results.ts';
import { shownToken } from '../../../text/pieceNames.ts';
import type { EngineVerbs } from '../../engine/client.ts';
import type { PanelAnswers } from '../answers.ts';

export type AttentionEngine = Pick<
  EngineVerbs,
  'thumbnails' | 'attentionMap' | 'headPatterns' | 'distribution'
>;

/** How many candidates of a prediction are shown. */
const shown = 5;

/** What head patterns are measured on, if it fits: as TransformerLens' head detector does, from a fixed seed. */
const repeated = { seed: 0, length: 50, sequences: 8 };

/** The contrast of what the model expects after the text with its strongest competitor, where one counts. */
const contrast = { at: { kind: 'end' }, target: { kind: 'top' }, foil: { kind: 'competitor' } } as const;

/**
 * @param read gives the text that is looked at. @throws EngineError if there is none
 * @param tell receives the tokens of a text, as an answer has them: the page's messages refer to them by index
 */
export function attentionAnswers(
  engine: AttentionEngine,
  read: () => ModelText,
  tell: (text: ModelText, tokens: readonly TokenSpan[]) => void,
): PanelAnswers<AttentionPanel> {
  /** By the hash of the model, because they depend on no text. */
  const measured = new Map<string, HeadPatterns>();
  /**
   * The model that read the text of the thumbnails. The patterns must be of the same model, though a folder's files may
   * be replaced.
   */
  let model: { dir: string; sha256: string } | null = null;
  return {
    async thumbnails({ size }, { cancellation }) {
      const text = read();
      const answer = await engine.thumbnails({ ...text, size }, asks('thumbnails', cancellation));
      model = { dir: text.modelDir, sha256: answer.receipt.model.sha256 };
      tell(text, answer.tokens);
      return answer;
    },

    async map({ view, layer, head, withoutFirst, gradient }, { cancellation }) {
      const text = read();
      const asked = { ...text, size: null, withoutFirst, gradient: gradient ? contrast : null };
      const answer = await engine.attentionMap(
        { ...asked, view: viewOf(view, layer, head) },
        asks('map', cancellation),
      );
      tell(text, answer.tokens);
      return answer;
    },

    async patterns(_, { cancellation }) {
      const { modelDir } = read();
      const known = model?.dir === modelDir && measured.get(model.sha256);
      if (known) return known;
      const found = await engine.headPatterns({ modelDir, ...repeated }, asks('patterns', cancellation));
      measured.set(found.model.sha256, found);
      return found;
    },

    async prediction({ without }, { cancellation }) {
      const text = read();
      const options = asks('prediction', cancellation);
      const before = await engine.distribution(nextTokens(text, []), options);
      const after =
        without.length > 0 ? await engine.distribution(nextTokens(text, without), options) : before;
      return {
        receipt: after.receipt,
        without,
        before: before.candidates.slice(0, shown),
        after: after.candidates.slice(0, shown),
        target: targetIn(before, after),
      };
    },
  };
}

/** Each question of the page has a lane of its own. */
function asks(question: QuestionName<AttentionPanel>, cancellation: CancellationToken) {
  return { lane: `panel.attention.${question}`, cancellation };
}

function viewOf(view: MapViewName, layer: number, head: number) {
  if (view === 'head') return { kind: view, layer, head };
  return view === 'layer' ? { kind: view, layer } : { kind: view };
}

/** The model's own distribution after the text. */
function nextTokens(text: ModelText, without: Prediction['without']) {
  const top = limits.alternatives;
  return { ...text, at: { kind: 'end' }, top, temperature: 1, topK: 0, topP: 1, without } as const;
}

/** The tokens that were most probable, and their probabilities now. */
function targetIn(before: NextTokens, after: NextTokens): Prediction['target'] {
  const target = before.candidates[0]!;
  const found = after.candidates.find(({ id }) => id === target.id);
  const rest = after.candidates.at(-1)!.probability;
  const chances = { before: target.probability, after: found?.probability ?? rest, isBound: !found };
  return { ...shownToken(target), ...chances };
}
