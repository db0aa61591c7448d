/** What is said of edits that change a prediction. */
import type { EditKind } from '../../protocol/edits.ts';
import type { Flipped, KindTried, PartialFlip, TextEdit } from '../../protocol/results.ts';
import { wilson } from '../wilson.ts';
import type { Telling } from './telling.ts';

export function editKindName(kind: EditKind, { say }: Pick<Telling, 'say'>): string {
  return {
    substitute: say('token replaced'),
    insert: say('token put in'),
    delete: say('token left out'),
    swap: say('characters swapped'),
    drop: say('character left out'),
    repeat: say('character doubled'),
    case: say('upper and lower case'),
    key: say('neighbouring key'),
  }[kind];
}

/** `"cat" → "dog"`, or what is put in or left out. */
export function editText(edit: Pick<TextEdit, 'old' | 'new'>, { say, quote }: Telling): string {
  const [old, put] = [quote({ text: edit.old }), quote({ text: edit.new })];
  if (edit.old === '') return say('{0} put in', put);
  return edit.new === '' ? say('{0} left out', old) : `${old} → ${put}`;
}

/** What the model says instead, or that nothing was found. Never that there is nothing. */
export function flipText(
  { found, before, after, evaluations }: Pick<PartialFlip, 'found' | 'before' | 'after' | 'evaluations'>,
  telling: Telling,
): string {
  const { say, numbers, quote } = telling;
  if (!found) return say('Not found in {0} evaluations.', numbers.count(evaluations));
  const [was, is] = [before.next[0], after.next[0]];
  if (was && is && was.id !== is.id) {
    const chances = [numbers.percent(is.probability), numbers.percent(was.probability)] as const;
    return say('{0} ({1}) instead of {2} ({3}).', quote(is), chances[0], quote(was), chances[1]);
  }
  const ranks = [numbers.count(after.token.rank), numbers.count(before.token.rank)] as const;
  return say('{0} has rank {1} instead of {2}.', quote(after.token), ...ranks);
}

/** How large the change is. */
export function flipFacts(
  {
    edits,
    distance,
    evaluations,
    perplexityRatio,
    unusual,
  }: Pick<Flipped, 'edits' | 'distance' | 'evaluations' | 'perplexityRatio' | 'unusual'>,
  { say, numbers }: Telling,
): string[] {
  const count = numbers.count(edits.length);
  return [
    edits.length === 1 ? say('1 edit') : say('{0} edits, each of them needed', count),
    say('changed characters: {0}', numbers.count(distance)),
    ...(perplexityRatio === null ? [] : [say('perplexity × {0}', numbers.value(perplexityRatio))]),
    ...(unusual ? [say('unusual text: less expected than 99% of such stretches here')] : []),
    say('evaluations: {0}', numbers.count(evaluations)),
  ];
}

/** How many edits of a kind change the prediction: counted, or estimated from a draw. */
export function kindText({ total, all, drawn, guided }: KindTried, { say, numbers }: Telling): string {
  if (total === 0) return say('there is none');
  const [reached, tried] = [numbers.count(drawn.reached), numbers.count(drawn.tried)];
  if (all) return say('{0} of all {1}', reached, tried);
  const { low, high } = wilson(drawn.reached, drawn.tried);
  const share = drawn.reached / Math.max(1, drawn.tried);
  const estimated = say(
    '{0} of {1} drawn from {2}: {3} (95%: {4} to {5})',
    reached,
    tried,
    numbers.count(total),
    numbers.percent(share),
    numbers.percent(low),
    numbers.percent(high),
  );
  if (guided.tried === 0) return estimated;
  const [some, of] = [numbers.count(guided.reached), numbers.count(guided.tried)];
  return say('{0}; {1} of the {2} that the gradient speaks for most', estimated, some, of);
}
