/** Which token a person means. */
import type { ExplainParams, TokenChoice } from '../../protocol/engine.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Distribution } from '../gpt2/distribution.ts';
import type { Gpt2 } from '../gpt2/model.ts';

/** @throws EngineError `token-unknown`, `token-not-single` */
export function chooseTarget(model: Gpt2, choice: TokenChoice, { top }: Distribution): number {
  return namedToken(model, choice) ?? (top[0]?.id as number);
}

/**
 * The foil, or null where nothing is contrasted. `top` is the strongest competitor: the most probable other token.
 * @throws EngineError `token-unknown`, `token-not-single`, `foil-is-target`, `foil-needed`
 */
export function chooseFoil(
  model: Gpt2,
  { foil: choice, objective }: Pick<ExplainParams, 'foil' | 'objective'>,
  target: number,
  { top }: Distribution,
): number | null {
  if (objective !== 'contrast') return null;
  if (choice.kind === 'none') throw new EngineError('foil-needed');
  const foil = namedToken(model, choice) ?? top.find(({ id }) => id !== target)?.id;
  if (foil === undefined) throw new EngineError('foil-needed');
  if (foil === target) throw new EngineError('foil-is-target');
  return foil;
}

function namedToken({ tokenizer, config }: Gpt2, choice: TokenChoice): number | null {
  if (choice.kind === 'top') return null;
  if (choice.kind === 'id') {
    const last = config.vocabularySize - 1;
    if (!Number.isInteger(choice.id) || choice.id < 0 || choice.id > last) {
      throw new EngineError('token-unknown', { id: choice.id, last });
    }
    return choice.id;
  }
  const ids = tokenizer.encode(choice.text).map(({ id }) => id);
  if (ids.length === 1) return ids[0] as number;
  const pieces = ids.map((id) => JSON.stringify(tokenizer.textOf(id))).join(' ');
  throw new EngineError('token-not-single', {
    text: choice.text,
    count: ids.length,
    pieces,
    first: ids[0] ?? 0,
  });
}
