import { useState } from 'preact/hooks';
import type { AttributionPanel } from '../../src/protocol/panels/attribution.ts';
import type { AnswerOf } from '../../src/protocol/panels/page.ts';
import { useAnswer } from '../base/useAnswer.ts';
import type { Props } from './options.ts';

type Repeated = AnswerOf<AttributionPanel, 'repeat'>;

/** Does again what the receipt says, and tells how far the two answers lie apart. */
export function Repeat({ content, label, numbers, channel }: Props) {
  const about = content.receipt.map(({ value }) => value).join(' ');
  const [asked, setAsked] = useState({ about: '', times: 0 });
  const isAsked = asked.about === about;
  const { answer, problem, isPending } = useAnswer(
    channel,
    'repeat',
    isAsked ? {} : null,
    `${about} ${asked.times}`,
  );
  const apart = ({ difference, largest }: Repeated) => [numbers.amount(difference), numbers.amount(largest)];
  const repeated = (found: Repeated) => {
    const time = numbers.count(found.milliseconds);
    return found.difference === 0 ? label('repeatedSame', time) : label('repeated', time, ...apart(found));
  };
  return (
    <p class="bar">
      <button
        type="button"
        disabled={!content.final || isPending}
        onClick={() => setAsked({ about, times: asked.times + 1 })}
      >
        {label('repeat')}
      </button>
      <output class="grow">
        {isPending && label('reading')}
        {problem}
        {isAsked &&
          answer &&
          !isPending &&
          (answer.sameModel ? repeated(answer) : label('otherModel', ...apart(answer)))}
      </output>
    </p>
  );
}
