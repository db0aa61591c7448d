import type { Label } from './page.tsx';

interface Props {
  /** False once the text has been edited. */
  isCurrent: boolean;
  label: Label;
  /** Absent where nothing can be read from here. */
  onReadAgain?: () => void;
}

/** Says so when what is shown no longer belongs to the text in the editor as it is. */
export function Standing({ isCurrent, label, onReadAgain }: Props) {
  if (isCurrent) return null;
  return (
    <p class="standing" role="status">
      {label('stale')}{' '}
      {onReadAgain && (
        <button type="button" onClick={onReadAgain}>
          {label('readAgain')}
        </button>
      )}
    </p>
  );
}
