import type { Numbers } from '../../src/text/numbers.ts';
import { type RankCorrelation, rankCorrelation } from '../../src/text/rankCorrelation.ts';
import type { Label } from '../base/page.tsx';
import type { PartValues } from './parts.ts';

interface Props {
  writes: PartValues;
  effects: PartValues;
  label: Label;
  numbers: Numbers;
}

interface Correlations {
  kind: 'heads' | 'mlps';
  withEffect: RankCorrelation;
  withSize: RankCorrelation;
}

/** Heads and MLPs by themselves: their norms cannot be compared. */
export function correlations(writes: PartValues, effects: PartValues): Correlations[] {
  return (['heads', 'mlps'] as const).map((kind) => {
    const of = ({ ofHeads, ofMlps }: PartValues) => (kind === 'heads' ? ofHeads : ofMlps);
    return {
      kind,
      withEffect: rankCorrelation(of(writes), of(effects)),
      withSize: rankCorrelation(of(writes), of(effects).map(Math.abs)),
    };
  });
}

/** How far the weights alone tell what is measured. */
export function CorrelationTable({ writes, effects, label, numbers }: Props) {
  const rho = ({ rho }: RankCorrelation) => (rho === null ? label('noCorrelation') : numbers.signed(rho));
  return (
    <table class="correlations">
      <caption>{label('correlation')}</caption>
      <thead>
        <tr>
          <th scope="col">{label('correlationOf')}</th>
          <th scope="col" class="number">
            {label('withEffect')}
          </th>
          <th scope="col" class="number">
            {label('withSize')}
          </th>
          <th scope="col" class="number">
            {label('count')}
          </th>
        </tr>
      </thead>
      <tbody>
        {correlations(writes, effects).map(({ kind, withEffect, withSize }) => (
          <tr key={kind}>
            <th scope="row" class="kind">
              {label(kind)}
            </th>
            <td class="number">{rho(withEffect)}</td>
            <td class="number">{rho(withSize)}</td>
            <td class="number">{numbers.count(withEffect.n)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
