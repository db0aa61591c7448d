import type { ComponentChildren } from 'preact';
import { Held } from './held.tsx';
import type { Label } from './page.tsx';
import type { Answered } from './useAnswer.ts';

interface Props extends Pick<Answered<unknown>, 'isPending' | 'problem'> {
  /** What the question is about: another subject removes the picture. */
  about: string;
  /** The question that the picture answers, in words. */
  name: string;
  label: Label;
  /** The picture; null: there is none yet. */
  children: ComponentChildren;
}

/** What a question has come to: that it is being answered, why it is not, and the picture of the answer. */
export function Answering({ isPending, problem, about, name, label, children }: Props) {
  return (
    <>
      {isPending && <p class="remark">{label('reading')}</p>}
      {problem && <p class="problem">{problem}</p>}
      <Held key={about} name={name} label={label}>
        {children}
      </Held>
    </>
  );
}
