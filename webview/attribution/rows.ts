import { useMemo } from 'preact/hooks';
import type { Attributions } from '../../src/protocol/panels/attribution.ts';
import { visible } from '../../src/text/visible.ts';
import type { Props } from './options.ts';

type Granularity = keyof Attributions['groups'];
type Order = 'reading' | 'strength';

/** One bar: tokens that are shown as one. */
export interface Row {
  /** Safe to show. */
  text: string;
  score: number;
  tokens: readonly number[];
  /** Of the score, where it is an estimate: no more than the sum of the tokens' own, which may go together. */
  standardError?: number;
}

/** Syntax nodes are words until they are known. */
export function rowsOf(
  { tokens, groups }: Attributions,
  granularity: Granularity,
  order: Order,
  opened: ReadonlySet<number> = new Set(),
): Row[] {
  const chosen = groups[granularity] ?? groups.word;
  const shown = granularity === 'line' ? chosen.flatMap((line) => partsOf(line, opened, groups)) : chosen;
  const rows = shown.map(({ tokens: members, score }) => ({
    text: visible(members.map((member) => tokens[member]?.text ?? '').join('')),
    score,
    tokens: members,
    ...errorOf(members, tokens),
  }));
  return order === 'reading' ? rows : rows.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score));
}

type Group = Attributions['groups']['token'][number];

/** A line as one, or its tokens. */
function partsOf(line: Group, opened: ReadonlySet<number>, { token }: Attributions['groups']): Group[] {
  if (!opened.has(line.tokens[0] ?? -1)) return [line];
  return line.tokens.flatMap((member) => token.find(({ tokens: [only] }) => only === member) ?? []);
}

function errorOf(members: readonly number[], tokens: Attributions['tokens']): Pick<Row, 'standardError'> {
  const errors = members.map((member) => tokens[member]?.standardError);
  if (errors.some((error) => error === undefined)) return {};
  return { standardError: errors.reduce<number>((sum, error) => sum + (error as number), 0) };
}

/** How many bars are drawn. Each consists of DOM elements, and nobody compares more. */
const mostBars = 256;

/**
 * So many rows that all can be drawn: the weakest are one, so that the sum is kept.
 * @param name of that one, from how many tokens it has
 */
function withRest(rows: Row[], name: (count: number) => string): Row[] {
  if (rows.length <= mostBars) return rows;
  const strongest = new Set(
    rows.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score)).slice(0, mostBars - 1),
  );
  const rest = rows.filter((row) => !strongest.has(row));
  const tokens = rest.flatMap((row) => row.tokens);
  const score = rest.reduce((sum, row) => sum + row.score, 0);
  const errors = rest.flatMap(({ standardError }) => standardError ?? []);
  const error = errors.length === rest.length && { standardError: errors.reduce((sum, one) => sum + one, 0) };
  return [
    ...rows.filter((row) => strongest.has(row)),
    { text: name(tokens.length), score, tokens, ...error },
  ];
}

/** As the page's choices want them, few enough to be drawn; the same until one of them changes. */
export function useRows({ content, options, opened, label, numbers }: Props): readonly Row[] {
  const { granularity, order } = options;
  return useMemo(
    () =>
      withRest(rowsOf(content, granularity, order, opened), (count) =>
        label('otherTokens', numbers.count(count)),
      ),
    [content, granularity, order, opened, label, numbers],
  );
}

/** The rows that a token is in. */
export function rowsWith(rows: readonly Row[], token: number | null): ReadonlySet<number> {
  return new Set(rows.flatMap(({ tokens }, row) => (token !== null && tokens.includes(token) ? [row] : [])));
}
