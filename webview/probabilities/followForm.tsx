import { useId, useState } from 'preact/hooks';
import type { Label } from '../base/page.tsx';
import type { Options } from './options.ts';

interface Props {
  follow: Options['follow'];
  everyCell: boolean;
  onFollow: (token: Options['follow']) => void;
  onEveryCell: (everyCell: boolean) => void;
  label: Label;
}

/** Which token is followed: any single one can be named. */
export function FollowForm({ follow, everyCell, onFollow, onEveryCell, label }: Props) {
  const [text, setText] = useState(follow?.kind === 'text' ? follow.text : '');
  const hint = useId();
  const submit = (event: Event) => {
    event.preventDefault();
    if (text !== '') onFollow({ kind: 'text', text });
  };
  return (
    <div class="following">
      <form onSubmit={submit}>
        <label>
          {label('follow')}
          <input
            type="text"
            value={text}
            maxLength={256}
            spellcheck={false}
            aria-describedby={hint}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <button type="submit">{label('followButton')}</button>
        <span id={hint} class="remark">
          {label('followHint')}
        </span>
      </form>
      <label>
        <input
          type="checkbox"
          checked={everyCell}
          disabled={follow === null}
          onChange={({ currentTarget }) => onEveryCell(currentTarget.checked)}
        />
        {label('everyCell')}
      </label>
    </div>
  );
}
