import type { Value } from '../../onnx/graph.ts';
import { cast, equal, greater, last, mul, unsqueeze, where } from '../../onnx/ops.ts';
import type { LayerContext } from './context.ts';

/** Nearly the most negative float32: the softmax makes it exactly 0, and never NaN, as it could with −∞. */
const minusInfinity = -3.4e38;

/** What is added to the scores so that no token sees later ones: positions `[S]`, key positions `[T]` → `[S, T]`. */
export function causalMask({ g }: LayerContext, positions: Value, keyPositions: Value): Value {
  const isFuture = greater(g, unsqueeze(g, keyPositions, [0]), unsqueeze(g, positions, [1]));
  return where(g, isFuture, g.float(minusInfinity), g.float(0));
}

/**
 * The same for sequences in which some tokens are hidden from all others: nobody attends to them, while each of them still
 * sees itself and what came before it. Positions stay as they are.
 * @param hidden `[B, T]`: 1 for a hidden token, 0 for any other
 * @returns `[B, 1, S, T]`
 */
export function hidingMask({ g }: LayerContext, positions: Value, keyPositions: Value, hidden: Value): Value {
  const [query, key] = [unsqueeze(g, positions, [1]), unsqueeze(g, keyPositions, [0])];
  const ofOthers = where(g, equal(g, key, query), g.float(0), g.float(minusInfinity));
  const hiding = mul(g, unsqueeze(g, hidden, [1, 2]), ofOthers);
  return where(g, greater(g, key, query), g.float(minusInfinity), hiding);
}

/** 1 in the row of the last position, 0 elsewhere: `[S]` → `[S, 1]`. */
export function lastRow({ g }: LayerContext, positions: Value): Value {
  return unsqueeze(g, cast(g, equal(g, positions, last(g, positions, 0)), 'float'), [1]);
}
