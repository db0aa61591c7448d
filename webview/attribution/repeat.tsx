import { useState } from 'preact/hooks';
import { useAnswer } from '../base/useAnswer.ts';
import type { Props } from './options.ts';

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
          (answer.sameModel
            ? label(
                'repeated',
                numbers.count(answer.milliseconds),
                numbers.value(answer.difference),
                numbers.value(answer.largest),
              )
            : label('otherModel', numbers.value(answer.difference), numbers.value(answer.largest)))}
      </output>
    </p>
  );
}
