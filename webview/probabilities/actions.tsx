import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PanelCandidate, ProbabilitiesPanel } from '../../src/protocol/panels/probabilities.ts';
import { shownToken, tokenName } from '../../src/text/pieceNames.ts';
import { quoted } from '../../src/text/visible.ts';
import type { Channel } from '../base/channel.ts';
import type { Label } from '../base/page.tsx';

interface Props {
  /** What was pressed. */
  candidate: PanelCandidate | null;
  at: number | null;
  /** Whether it is the model's own favourite. */
  isTop: boolean;
  /** False: the text was edited, so there is no place to go on from. */
  isCurrent: boolean;
  /** Whether the position lies inside of a character, where a text can be neither cut nor pointed at. */
  isInside: boolean;
  channel: Channel<ProbabilitiesPanel>;
  label: Label;
}

/** What can be done with a token: the text goes on from it, or its chances are explained. */
export function Actions({ candidate, at, isTop, isCurrent, isInside, channel, label }: Props) {
  const place = useRef<HTMLParagraphElement>(null);
  const id = candidate?.id;
  // Whoever pressed it by keyboard goes on from there.
  useLayoutEffect(() => {
    if (id !== undefined) place.current?.querySelector('button')?.focus({ preventScroll: true });
  }, [id]);
  if (!candidate || !isCurrent) return <p class="actions remark">{label('actionsHint')}</p>;
  if (isInside) return <p class="actions remark">{label('insideCharacter')}</p>;
  const { isActual } = candidate;
  // After the text the model's favourite is what is explained: it has no foil but what competes with it.
  const isTarget = at === null ? isTop : isActual;
  const why = () => channel.order({ kind: 'why', at, foil: isTarget ? null : candidate.id });
  const branch = (kind: 'continue' | 'replace') => () =>
    channel.order({ kind, at, alternative: shownToken(candidate) });
  return (
    <p ref={place} class="actions">
      <span class="token">{quoted(tokenName(candidate))}</span>
      {!isActual && (
        <button type="button" onClick={branch('continue')}>
          {label('generate')}
        </button>
      )}
      {!isActual && at !== null && (
        <button type="button" onClick={branch('replace')}>
          {label('replace')}
        </button>
      )}
      <button type="button" onClick={why}>
        {label(isTarget ? 'why' : 'whyNot')}
      </button>
    </p>
  );
}
