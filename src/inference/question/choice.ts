/** Which tokens a person means. */
import type { ExplainParams, TokenChoice } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import { tokenName } from '../../text/pieceNames.ts';
import type { Contrast } from '../gpt2/contrast.ts';
import type { Distribution } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import { competitorOf, competitors, isPieceOfWord } from './competitor.ts';

/**
 * @param actual the token that stands at the position; null after the text
 * @throws EngineError `token-unknown`, `token-not-single`, `option-invalid` if the actual token is asked for after the
 * text
 */
export function chooseTarget(
  model: Gpt2,
  choice: ExplainParams['target'],
  actual: number | null,
  { top }: Distribution,
): number {
  if (choice.kind !== 'actual') return namedToken(model, choice) ?? (top[0]?.id as number);
  if (actual !== null) return actual;
  throw new EngineError('option-invalid', {
    option: 'target',
    value: choice.kind,
    expected: 'top | id | text',
  });
}

/**
 * The tokens of a foil that is given as a text; null for another foil.
 * @throws EngineError `foil-needed` for an empty one, `option-invalid` for one that leaves the text too little room
 */
export function spellFoil(
  { tokenizer, config }: Gpt2,
  { foil, objective }: Pick<ExplainParams, 'foil' | 'objective'>,
): number[] | null {
  if (objective !== 'contrast' || foil.kind !== 'text') return null;
  const ids = tokenizer.encode(foil.text).map(({ id }) => id);
  const most = Math.max(1, Math.floor(config.contextLength / 2));
  if (ids.length === 0) throw new EngineError('foil-needed');
  if (ids.length > most) {
    const [value, expected] = [`${ids.length} tokens`, `1 … ${most} tokens`];
    throw new EngineError('option-invalid', { option: 'foil', value, expected });
  }
  return ids;
}

/**
 * Checks that f is linear in the logits of single tokens, as a method needs that splits f into parts.
 * @throws EngineError `option-invalid` for another objective, `token-not-single` for a foil of several tokens
 */
export function assertLinear(
  model: Gpt2,
  { foil, objective }: Pick<ExplainParams, 'foil' | 'objective'>,
): void {
  if (objective !== 'contrast' && objective !== 'logit') {
    throw new EngineError('option-invalid', {
      option: 'objective',
      value: objective,
      expected: 'contrast | logit',
    });
  }
  if (objective === 'contrast' && foil.kind === 'text') namedToken(model, foil);
}

/**
 * The foil's tokens; none unless the objective is a contrast, and none if no token counts as a competitor. `top` is the
 * most probable other token.
 * @param spelled what {@link spellFoil} gave
 * @throws EngineError `token-unknown`, `token-not-single`, `foil-is-target`, `foil-needed`
 */
export function chooseFoil(
  model: Gpt2,
  { foil: choice, objective }: Pick<ExplainParams, 'foil' | 'objective'>,
  spelled: readonly number[] | null,
  target: number,
  distribution: Distribution,
): readonly number[] {
  if (objective !== 'contrast') return [];
  if (choice.kind === 'none') throw new EngineError('foil-needed');
  if (choice.kind === 'competitor') {
    const competitor = competitorOf(target, isPieceOfWord(model.tokenizer.shown(target)), distribution);
    return competitor === null ? [] : [competitor];
  }
  const { top } = distribution;
  const other = () => top.find(({ id }) => id !== target)?.id;
  const ids = spelled ?? [namedToken(model, choice) ?? other()];
  if (ids.some((id) => id === undefined)) throw new EngineError('foil-needed');
  if (ids.length === 1 && ids[0] === target) throw new EngineError('foil-is-target');
  return ids as number[];
}

/** How many of the most probable tokens {@link chooseContrast} needs. */
export const contrastAlternatives = competitors;

/**
 * Target and foil of verbs that compare single tokens by their logits.
 * @param actual the token that stands at the position; null after the text
 * @throws EngineError as {@link chooseTarget} and {@link chooseFoil}
 */
export function chooseContrast(
  model: Gpt2,
  { target: choice, foil: against }: Pick<ExplainParams, 'target' | 'foil'>,
  actual: number | null,
  distribution: Distribution,
): Contrast {
  const target = chooseTarget(model, choice, actual, distribution);
  const objective = against.kind === 'none' ? 'logit' : 'contrast';
  const [foil = null] = chooseFoil(model, { foil: against, objective }, null, target, distribution);
  return { target, foil };
}

/** null for the model's own choice. @throws EngineError `token-unknown`, `token-not-single` */
export function namedToken(model: Gpt2, choice: TokenChoice): number | null {
  const { tokenizer } = model;
  if (choice.kind === 'top') return null;
  if (choice.kind === 'id') return checkId(model, choice.id);
  const ids = tokenizer.encode(choice.text).map(({ id }) => id);
  if (ids.length === 1) return ids[0] as number;
  const pieces = ids.map((id) => JSON.stringify(tokenName(tokenizer.shown(id)))).join(' ');
  throw new EngineError('token-not-single', {
    text: choice.text,
    count: ids.length,
    pieces,
    first: ids[0] ?? 0,
  });
}

/** The id itself. @throws EngineError `token-unknown` */
export function checkId({ config }: Gpt2, id: number): number {
  const last = config.vocabularySize - 1;
  if (Number.isInteger(id) && id >= 0 && id <= last) return id;
  throw new EngineError('token-unknown', { id, last });
}
