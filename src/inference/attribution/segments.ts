/**
 * Which parts of the text moved the prediction: sentences, lines, items, or ranges that are given. ContextCite
 * (Cohen-Wang, Shah, Georgiev & Mądry 2024): a sparse linear model of f over random masks, each of which removes every
 * segment with probability ½, by the LASSO on standardised masks with the authors' α. Their f is the log-odds of the
 * response; here it is the objective that is asked for, of which a contrast of logits is the log-odds between two tokens.
 *
 * Its error is told as they do: the linear datamodeling score, the rank correlation of f with what the model predicts over
 * half as many other masks. Standard errors are those of the bootstrap over masks. Few segments have exact Shapley values
 * instead, and no standard error; the score is then over all masks.
 */
import { setImmediate } from 'node:timers/promises';
import { EngineError } from '../../protocol/errors.ts';
import { masksByDefault } from '../../protocol/methods.ts';
import { rankCorrelation } from '../../text/rankCorrelation.ts';
import { Estimate } from './estimate.ts';
import { type Absent, Game } from './game.ts';
import { lasso } from './lasso.ts';
import type { Attribution, AttributionMethod, Domain, Fit, Remainder, Segment, TokenSet } from './method.ts';
import { uniformNumbers } from './noise.ts';
import { exactShapley } from './shapleyExact.ts';

/** In the unit of f. */
const alpha = 0.01;
/** Up to this many segments all coalitions are evaluated. */
const mostExact = 8;
const resamples = 100;

export const segments: AttributionMethod<'segments'> = async (f, options, refine) => {
  const players = segmentsOf(f, options.segments);
  if (players.length === 0) {
    throw new EngineError('option-invalid', {
      ...{ option: 'segments', value: options.segments, expected: 'ranges with tokens that are explained' },
    });
  }
  const game = new Game(f, players, options);
  const told = spread(f.count, players);
  if (players.length <= mostExact) {
    const exact = await exactShapley(game, (scores, ends) => {
      const { scores: shared, segments: parts } = told(scores);
      refine(shared, ends, undefined, parts);
    });
    const { value, baselineValue } = exact;
    return {
      ...told(exact.scores, exact.standardErrors),
      ...{ value, baselineValue, complete: true },
      ...(players.length > 1 && { fit: fitOfAll(exact) }),
    };
  }
  const uniform = uniformNumbers(options.seed);
  const count = options.masks === 'auto' ? masksByDefault.segments : options.masks;
  const draw = (masks: number): Absent[] =>
    Array.from({ length: masks }, () => game.all.filter(() => uniform() < 0.5));
  const masks = draw(count);
  const others = draw(Math.ceil(count / 2));
  const [whole, none, ...remainders] = await game.values([[], game.all, ...masks]);
  const ends = { value: (whole as Remainder).value, baselineValue: (none as Remainder).value };
  const values = remainders.map(({ value }) => value);
  const rows = masks.map((absent) => presence(players.length, absent));
  const line = lasso(rows, values, alpha);
  const errors = await bootstrap(rows, values, uniform);
  const result = told(line.weights, errors);
  refine(result.scores, ends, result.standardErrors, result.segments);

  const predicted = others.map((absent) =>
    presence(players.length, absent).reduce(
      (sum, here, segment) => sum + here * (line.weights[segment] as number),
      line.intercept,
    ),
  );
  const actual = (await game.values(others)).map(({ value }) => value);
  return { ...result, ...ends, fit: fitOf(predicted, actual) };
};

/** The tokens of each segment. Tokens in none of them stay. */
function segmentsOf(
  { count, parts }: Domain,
  partition: Parameters<NonNullable<Domain['parts']>>[0],
): TokenSet[] {
  const tokens = Array.from({ length: count }, (_, token) => token);
  if (!parts) return tokens.map((token) => [token]);
  const numbers = parts(partition);
  const groups = Map.groupBy(tokens, (token) => numbers[token] as number);
  groups.delete(-1);
  return [...groups.values()];
}

/** Shares each segment's score among its tokens. */
function spread(count: number, players: readonly TokenSet[]) {
  return (
    ofSegments: Float64Array,
    errors?: Float64Array,
  ): Pick<Attribution, 'scores' | 'standardErrors'> & { segments: Segment[] } => {
    const scores = new Float64Array(count);
    const standardErrors = new Float64Array(count);
    for (const [segment, tokens] of players.entries()) {
      for (const token of tokens) {
        scores[token] = (ofSegments[segment] as number) / tokens.length;
        if (errors) standardErrors[token] = (errors[segment] as number) / tokens.length;
      }
    }
    return {
      scores,
      ...(errors && { standardErrors }),
      segments: players.map((tokens, segment) => ({
        ...{ first: tokens[0] as number, count: tokens.length, score: ofSegments[segment] as number },
        ...(errors && { standardError: errors[segment] as number }),
      })),
    };
  };
}

function presence(count: number, absent: Absent): number[] {
  const row = new Array<number>(count).fill(1);
  for (const segment of absent) row[segment] = 0;
  return row;
}

/** Standard errors of the weights: their spread over masks drawn again from these masks (Efron 1979). */
async function bootstrap(
  rows: readonly number[][],
  values: readonly number[],
  uniform: () => number,
): Promise<Float64Array> {
  const estimate = new Estimate(rows[0]?.length ?? 0);
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = rows.map(() => Math.floor(uniform() * rows.length));
    const line = lasso(
      drawn.map((mask) => rows[mask] as number[]),
      drawn.map((mask) => values[mask] as number),
      alpha,
    );
    estimate.add(line.weights);
    // With hundreds of segments it takes seconds, in which others are answered.
    await setImmediate();
  }
  // Of a single weight, not of their mean.
  return (estimate.standardErrors as Float64Array).map((error) => error * Math.sqrt(resamples));
}

function fitOf(predicted: readonly number[], actual: readonly number[]): Fit {
  return { measure: 'lds', value: rankCorrelation(predicted, actual).rho, masks: actual.length };
}

/** @param exact values by who is absent, as bits */
function fitOfAll({ scores, baselineValue, values }: Attribution & { values: readonly number[] }): Fit {
  const predicted = values.map((_, absent) =>
    scores.reduce((sum, score, player) => sum + ((absent >> player) & 1 ? 0 : score), baselineValue),
  );
  return fitOf(predicted, values);
}
