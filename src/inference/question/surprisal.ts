/** How expected the tokens of changed inputs are. */
import type { RemovalOptions, TokenSet } from '../attribution/method.ts';
import { predictions } from '../gpt2/predictions.ts';
import { Sequence } from '../gpt2/sequence.ts';
import type { Input } from './evaluator.ts';
import type { Replacement, Subject } from './removal/operator.ts';
import { replacementsOf } from './removal/removal.ts';

/** Of some tokens of an input, in nats. */
export interface InputSurprisal {
  sum: number;
  count: number;
}

interface Changed {
  replacement: Replacement;
  /** All that is read. */
  ids: readonly number[];
  /** The places whose tokens are looked at: they come after the first change, and are not removed themselves. */
  places: readonly number[];
}

/**
 * The surprisal of what is left behind the first change, of every set for which anything is; texts that are drawn count
 * with what was drawn.
 * @param inputOf makes an input of a replacement
 * @param residuals gives the streams of inputs, of each `[length − from, C]`
 */
export async function surprisalsWithout(
  subject: Subject,
  sets: readonly TokenSet[],
  options: RemovalOptions,
  inputOf: (replacement: Replacement) => Input,
  residuals: (inputs: readonly Input[]) => Promise<{ from: number; stream: Float32Array }[]>,
): Promise<InputSurprisal[]> {
  const { model, run } = subject;
  const some = sets.filter((set) => set.length > 0).map((set) => set.toSorted((a, b) => a - b));
  const replacements = await replacementsOf(subject, some, options);
  const changed = some
    .flatMap((set, at) =>
      replacements[at]!.map((replacement) => changedBy(subject, set, replacement, options)),
    )
    .filter(({ places }) => places.length > 0);
  const found: InputSurprisal[] = [];
  const inputs = changed.map(({ replacement }) => inputOf(replacement));
  for (const [at, { from, stream }] of (await residuals(inputs)).entries()) {
    const { ids, places } = changed[at] as Changed;
    const { width } = model.config;
    const rows = new Float32Array(places.length * width);
    for (const [index, place] of places.entries()) {
      const row = place - 1 - from;
      rows.set(stream.subarray(row * width, (row + 1) * width), index * width);
    }
    const next = places.map((place) => ids[place] as number);
    let sum = 0;
    for await (const slice of predictions(model, rows, next, 0, run)) {
      for (const { logProb } of slice) sum -= logProb;
    }
    found.push({ sum, count: places.length });
  }
  return found;
}

function changedBy(
  { text, first, domain }: Subject,
  set: TokenSet,
  replacement: Replacement,
  { removal }: RemovalOptions,
): Changed {
  const start = first + (set[0] as number);
  const ids = 'ids' in replacement ? replacement.ids : text.ids;
  const gone = new Set(removal === 'baseline' || removal === 'mask' ? set.map((token) => first + token) : []);
  const end = removal === 'delete' ? ids.length : Math.min(ids.length, first + domain.count);
  const places = Array.from({ length: Math.max(0, end - start - 1) }, (_, index) => start + 1 + index);
  return { replacement, ids, places: places.filter((place) => !gone.has(place)) };
}

/** Of each token of the text that is read but the first. */
export async function surprisalsOfText({ model, run, text: { ids } }: Subject): Promise<number[]> {
  const residual = await new Sequence(model).read(ids.slice(0, -1), run);
  const found: number[] = [];
  for await (const slice of predictions(model, residual, ids.slice(1), 0, run)) {
    found.push(...slice.map(({ logProb }) => -logProb));
  }
  return found;
}
