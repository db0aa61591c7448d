/**
 * No other token attends to it, in any layer and head; all keep their positions, and attention is shared out among the
 * others. The predicting token cannot be hidden from itself: where it is removed it goes on predicting, from its own
 * embedding and from what is left.
 */
import type { Operator, Subject } from './operator.ts';

export function hideTokens({ text: { ids, hidden = [] }, first }: Subject): Operator {
  return async (sets) =>
    sets.map((set) => [{ ids, hidden: [...hidden, ...set.map((token) => first + token)] }]);
}
