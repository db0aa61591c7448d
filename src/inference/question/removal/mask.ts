/**
 * In every layer and head no other token attends to it. All tokens keep their positions, and its share of the attention
 * goes to the others. The predicting token cannot be hidden from itself: if it is removed, it still predicts from its
 * own embedding and from what is left.
 */
import type { Operator, Subject } from './operator.ts';

export function hideTokens({ text: { ids, hidden = [] }, first }: Subject): Operator {
  return async (sets) =>
    sets.map((set) => [{ ids, hidden: [...hidden, ...set.map((token) => first + token)] }]);
}
