import type { ContentOf } from '../../src/protocol/panels/page.ts';
import type { StructurePanel } from '../../src/protocol/panels/structure.ts';
import type { PartialImportance } from '../../src/protocol/results.ts';
import type { Numbers } from '../../src/text/numbers.ts';
import { tokenName } from '../../src/text/pieceNames.ts';
import { quoted, visible } from '../../src/text/visible.ts';
import type { Label } from '../base/page.tsx';

type Text = NonNullable<ContentOf<StructurePanel>['text']>;

/** In words: which prediction, with what is known of its probabilities. */
function questionText(
  { target, foil }: Pick<PartialImportance, 'target' | 'foil'> | NonNullable<Text['explained']>,
  label: Label,
  numbers: Numbers,
): string {
  const [what, how] = [quoted(tokenName(target)), numbers.percent(target.probability)];
  if (!foil) return label('questionTarget', what, how);
  return label('questionFoil', what, how, quoted(tokenName(foil)), numbers.percent(foil.probability));
}

interface Props {
  text: Text;
  importance: PartialImportance | null;
  pointed: boolean;
  onPoint: (token: number | null) => void;
  label: Label;
  numbers: Numbers;
}

/** The text up to the prediction, and what is asked about it. */
export function Question({ text, importance, pointed, onPoint, label, numbers }: Props) {
  const asked = importance ?? text.explained;
  const point = { onMouseEnter: () => onPoint(0), onMouseLeave: () => onPoint(null) };
  return (
    <>
      <blockquote class="tail">
        {visible(text.tail)}
        {asked && (
          <mark class={pointed ? 'predicted pointed' : 'predicted'} {...point}>
            {visible(tokenName(asked.target))}
          </mark>
        )}
      </blockquote>
      <p class="question">{asked ? questionText(asked, label, numbers) : label('questionTop')}</p>
    </>
  );
}
