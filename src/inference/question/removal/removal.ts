/** f without some of its tokens: the operators, and how they are evaluated. */
import type { Removal } from '../../../protocol/methods.ts';
import type {
  Capabilities,
  Domain,
  Point,
  Remainder,
  RemovalOptions,
  TokenSet,
} from '../../attribution/method.ts';
import type { EditedText } from '../editedText.ts';
import { replaceByBaseline } from './baseline.ts';
import { deleteTokens } from './delete.ts';
import { hideTokens } from './mask.ts';
import type { Operator, Replacement, Subject } from './operator.ts';
import { refillTokens } from './refill.ts';

const operators: Record<Removal, (subject: Subject, seed: number) => Operator> = {
  baseline: replaceByBaseline,
  mask: hideTokens,
  delete: deleteTokens,
  refill: refillTokens,
};

/** How many numbers the points of one chunk hold. */
const numbersAtOnce = 2 ** 22;

/** What f is evaluated at without each of the sets, none empty and each in ascending order. */
export function replacementsOf(
  subject: Subject,
  sets: readonly TokenSet[],
  { removal, seed }: RemovalOptions,
): ReturnType<Operator> {
  return operators[removal](subject, seed)(sets);
}

/**
 * See {@link Capabilities.without}. @throws RangeError for a set with anything but explained tokens, or with one of
 * them twice
 */
export async function without(
  f: Domain & Pick<Capabilities, 'values'> & { valuesOf(texts: readonly EditedText[]): Promise<number[]> },
  subject: Subject,
  sets: readonly TokenSet[],
  { removal, seed }: RemovalOptions,
): Promise<Remainder[]> {
  const ordered = sets.map((set) => inOrder(set, f.count));
  const distinct = new Map(ordered.map((set) => [set.join(), set]));
  // Sets that begin early have most to compute, and all of a batch compute as much as the one with the most: sorted,
  // they share batches.
  const queue = [...distinct.values()].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  if (subject.text.hidden?.length && removal !== 'baseline' && removal !== 'mask') {
    throw new TypeError(`${removal} is not defined for a text with hidden tokens`);
  }
  const operator = operators[removal](subject, seed);
  const known = new Map<string, Remainder>();
  for (const part of removal === 'baseline' ? chunksOf(queue, f) : [queue]) {
    const replacements = await inputsOf(part, operator, f);
    const values = await valuesOf(f, replacements.flat());
    for (const [index, set] of part.entries()) {
      const own = values.splice(0, (replacements[index] as readonly Replacement[]).length);
      known.set(
        set.join(),
        removal === 'refill' ? meanOf(own) : { value: own[0] as number, standardError: null },
      );
    }
  }
  return ordered.map((set) => known.get(set.join()) as Remainder);
}

/** Chunks whose points are in memory together. A point has the rows from its first removed token on. */
function chunksOf(queue: readonly TokenSet[], { count, width }: Domain): TokenSet[][] {
  const chunks: TokenSet[][] = [];
  let room = 0;
  for (const set of queue) {
    const numbers = (count - (set[0] ?? 0)) * width;
    if (numbers > room || chunks.length === 0) {
      chunks.push([]);
      room = numbersAtOnce;
    }
    room -= numbers;
    chunks.at(-1)?.push(set);
  }
  return chunks;
}

function inOrder(set: TokenSet, count: number): TokenSet {
  const sorted = set.toSorted((a, b) => a - b);
  for (const [place, token] of sorted.entries()) {
    if (Number.isInteger(token) && token >= 0 && token < count && token !== sorted[place + 1]) continue;
    throw new RangeError(`[${set}] is no set of the tokens 0 … ${count - 1}`);
  }
  return sorted;
}

/** For an empty set f is evaluated at x. */
async function inputsOf(
  sets: readonly TokenSet[],
  operator: Operator,
  { x }: Domain,
): Promise<readonly (readonly Replacement[])[]> {
  const removed = await operator(sets.filter((set) => set.length > 0));
  let next = 0;
  return sets.map((set) =>
    set.length > 0 ? (removed[next++] as readonly Replacement[]) : [{ from: 0, rows: x }],
  );
}

async function valuesOf(
  f: Parameters<typeof without>[0],
  replacements: readonly Replacement[],
): Promise<number[]> {
  const points = replacements.filter((one): one is Point => 'rows' in one);
  const texts = replacements.filter((one): one is EditedText => 'ids' in one);
  const ofPoints = points.length > 0 ? await f.values(points) : [];
  const ofTexts = texts.length > 0 ? await f.valuesOf(texts) : [];
  let [point, text] = [0, 0];
  return replacements.map((one) => ('rows' in one ? ofPoints[point++] : ofTexts[text++]) as number);
}

/** The mean and its standard error. A single value comes from an empty set, for which nothing was drawn. */
function meanOf(values: readonly number[]): Remainder {
  const n = values.length;
  const value = values.reduce((sum, one) => sum + one, 0) / n;
  if (n === 1) return { value, standardError: 0 };
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (n - 1);
  return { value, standardError: Math.sqrt(variance / n) };
}
