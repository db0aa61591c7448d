/** DeepLIFT's multipliers through one block; the rules are in `secant.ts`. */
import type { Value } from '../../onnx/graph.ts';
import { add, reshape, split } from '../../onnx/ops.ts';
import { productsVjp } from './attention.ts';
import type { BlockParts } from './block.ts';
import type { LayerContext } from './context.ts';
import { linearVjp } from './linear.ts';
import { activationSecant, type Ends, layerNormSecant, middle, softmaxSecant } from './secant.ts';

/**
 * Those of the stream after the block → before it, `[S, C]` each.
 * @param context of one sequence, as both ends have the same multipliers
 * @param parts of two sequences, the input and its reference, with a mask
 */
export function blockSecant(context: LayerContext, m: Value, parts: BlockParts): Value {
  const { g, config, S } = context;
  const { heads: H, width: C } = config;
  const { attention, options } = parts;
  const name = `h.${options.layer}`;
  const rows = (value: Value, width: number) => endsOf(context, reshape(g, value, [S, 2, width]), [S, width]);

  const mActivated = linearVjp(context, `${name}.mlp.c_proj`, m);
  const mPre = activationSecant(context, mActivated, rows(parts.preActivation, config.inner));
  const mNormed2 = linearVjp(context, `${name}.mlp.c_fc`, mPre);
  const mMiddle = add(g, m, layerNormSecant(context, `${name}.ln_2`, mNormed2, rows(parts.middle, C)));

  // Products: half way between both ends. What came before is the same for both.
  const halfWay = (value: Value) => middle(context, endsOf(context, value, [S, 1, H, C / H]));
  const present = { keys: halfWay(attention.present.keys), values: halfWay(attention.present.values) };
  const [shares, scores] = [splitBatch(context, attention.pattern), splitBatch(context, attention.scores)];
  const mQkv = productsVjp(
    context,
    linearVjp(context, `${name}.attn.c_proj`, mMiddle),
    { query: halfWay(attention.query), present, past: attention.past, pattern: middle(context, shares) },
    options,
    null,
    (mPattern) => softmaxSecant(context, mPattern, shares, scores),
  );
  const mNormed1 = linearVjp(context, `${name}.attn.c_attn`, mQkv);
  return add(g, mMiddle, layerNormSecant(context, `${name}.ln_1`, mNormed1, rows(parts.before, C)));
}

/** `[S, 2, …]` → the two ends, read in another shape. */
function endsOf({ g }: LayerContext, value: Value, shape: Value['shape']): Ends {
  const [at, reference] = split(g, value, 1, 2) as [Value, Value];
  return { at: reshape(g, at, shape), reference: reshape(g, reference, shape) };
}

/** `[2, …]` → `[1, …]` for either end. */
function splitBatch({ g }: LayerContext, value: Value): Ends {
  const [at, reference] = split(g, value, 0, 2) as [Value, Value];
  return { at, reference };
}
