import type { Label } from './page.tsx';

interface Props {
  /** False for what was restored without its text. */
  linked: boolean;
  /** False once the text has been edited. */
  isCurrent: boolean;
  label: Label;
  /** Absent where nothing can be read from here. */
  onReadAgain?: () => void;
}

/** Says so when what is shown no longer belongs to the text in the editor as it is. */
export function Standing({ linked, isCurrent, label, onReadAgain }: Props) {
  if (linked && isCurrent) return null;
  return (
    <p class="standing" role="status">
      {label(linked ? 'stale' : 'detached')}{' '}
      {onReadAgain && (
        <button type="button" onClick={onReadAgain}>
          {label('readAgain')}
        </button>
      )}
    </p>
  );
}
