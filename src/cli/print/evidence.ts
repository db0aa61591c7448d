/** For a person: how far an explanation can be believed on its own text. */
import type { Area, Correlation, Evidence, RemovalEvidence } from '../../protocol/results.ts';
import { baselineName, methodName } from '../../text/telling/names.ts';
import { padEnd, padStart } from '../terminal/columns.ts';
import { numbers, type Page, telling } from './common.ts';

const blocks = '▁▂▃▄▅▆▇█';

export function printEvidence({ removals, agreements, evaluations }: Evidence, page: Page): string {
  const { chalk } = page;
  const title = `${chalk.bold('How far to believe it')}, on this text (0%: as a random order, 100%: as the best order found)`;
  const agreed = agreements.map(({ method, baseline, spearman, kendall }) => {
    const of = baseline === null ? '' : `, ${baselineName(baseline, telling)}`;
    const name = `${methodName(method, telling)}${of}`;
    return `  ${padEnd(name, 58)}  Spearman ${padStart(plain(spearman), 6)}  Kendall ${padStart(plain(kendall), 6)}`;
  });
  const parts = [
    title,
    ...removals.map((one) => ofRemoval(one, page)),
    ...(agreed.length > 0 ? [[chalk.bold('Agreement with'), ...agreed].join('\n')] : []),
    `${numbers.count(evaluations)} evaluations more`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function ofRemoval(one: RemovalEvidence, { chalk }: Page): string {
  const { removal, comprehensiveness, sufficiency, lds, leaveOneOut, outOfDistribution } = one;
  const lines = [
    areaLine('comprehensiveness', comprehensiveness),
    areaLine('sufficiency', sufficiency),
    ...(lds ? [correlationLine('LDS', lds)] : []),
    correlationLine('leave-one-out, τ', leaveOneOut),
    ...(outOfDistribution
      ? [
          `  ${numbers.percent(outOfDistribution.share)} of ${numbers.count(outOfDistribution.inputs)} changed inputs are out of distribution`,
        ]
      : []),
    ...(['deletion', 'insertion'] as const).map((kind) => curveLine(kind, one)),
  ];
  return [chalk.bold(`Tokens removed by ${removal}`), ...lines].join('\n');
}

function areaLine(name: string, { value, floor, ceiling, normalised }: Area): string {
  const share = normalised === null ? '–' : `${numbers.count(100 * normalised)}%`;
  const chance = floor ? `${numbers.signed(floor.value)} ± ${numbers.amount(floor.standardError)}` : '–';
  const best = ceiling === null ? '–' : numbers.signed(ceiling);
  return `  ${padEnd(name, 18)} ${padStart(share, 6)}   ${padStart(numbers.signed(value), 8)}  random ${chance}  best ${best}`;
}

function correlationLine(name: string, { value, interval, chance }: Correlation): string {
  const range = interval ? ` (${plain(interval.low)} to ${plain(interval.high)})` : '';
  const below = chance === null ? '' : `  by chance below ${plain(chance)}`;
  return `  ${padEnd(name, 18)} ${padStart(plain(value), 6)}${range}${below}`;
}

/** f while tokens are removed or kept: by the explanation, at random, at best. */
function curveLine(kind: 'deletion' | 'insertion', { explanation, floor, ceiling }: RemovalEvidence): string {
  const drawn = [explanation, floor, ceiling].map((curves) => curves?.[kind] ?? []);
  const all = drawn.flat();
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const line = (values: readonly number[]) =>
    thinned(values)
      .map((value) => blocks[Math.round(((value - least) / (most - least || 1)) * (blocks.length - 1))])
      .join('');
  const [own, random, best] = drawn.map(line);
  return `  ${padEnd(kind, 18)} ${own}  random ${random}  best ${best}`;
}

const mostDrawn = 16;

function thinned(values: readonly number[]): readonly number[] {
  const step = Math.ceil(values.length / mostDrawn);
  return values.filter((_, at) => at % step === 0);
}

const plain = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
