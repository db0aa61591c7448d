/** The text is tokenised again without the token; what came after it moves up. See {@link RetokenizedText}. */
import { RetokenizedText } from '../retokenizedText.ts';
import type { Operator, Subject } from './operator.ts';

export function deleteTokens({ model, text: { ids }, first, surroundings, room }: Subject): Operator {
  const text = new RetokenizedText(model.tokenizer, ids, surroundings);
  return async (sets) =>
    sets.map((set) => {
      const left = text.without(set.map((token) => first + token));
      return [{ ids: fitting(left, room, model.tokenizer.endOfText) }];
    });
}

/** The new text may have too many tokens. Then its front is dropped, as when a text is read. */
function fitting(left: readonly number[], room: number, bos: number): readonly number[] {
  if (left.length <= room) return left;
  return left[0] === bos ? [bos, ...left.slice(left.length - room + 1)] : left.slice(left.length - room);
}
