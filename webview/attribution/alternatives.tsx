import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import type { Props } from './options.ts';

/** What the model expected there: pressing one asks why not that one. */
export function Alternatives({ content, label, numbers, channel }: Props) {
  const { next, target, foil } = content;
  return (
    <fieldset class="alternatives">
      <legend>{label('expected')}</legend>
      {next.map((token, index) => {
        const { id } = token;
        const chance = numbers.percent(token.probability);
        const isTarget = id === target.id;
        const name = quoted(tokenName(isTarget ? target : token));
        const role = isTarget ? label('isTarget') : id === foil?.id ? label('isFoil') : null;
        return (
          <button
            type="button"
            key={id}
            disabled={isTarget}
            aria-pressed={id === foil?.id}
            title={isTarget ? label('isTarget') : label('pressFoil', name, chance)}
            onClick={() => channel.order({ kind: 'foil', next: index })}
          >
            <bdi class="text">{name}</bdi> {chance}
            {role && <small> ({role})</small>}
          </button>
        );
      })}
      <button
        type="button"
        aria-pressed={foil === null}
        title={label('whyAtAllHelp')}
        onClick={() => channel.order({ kind: 'foil', next: null })}
      >
        {label('whyAtAll')}
      </button>
    </fieldset>
  );
}
