/** Does something that is asked for often, but need not be done each time: only after the last time. */
interface Seldom {
  /** At once, if it was not done lately; else soon. */
  ask(): void;
  /** What was asked for and is still to be done is done now. */
  settle(): void;
}

/** @param milliseconds between one time and the next, at least */
export function seldom(action: () => void, milliseconds: number): Seldom {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isAsked = false;
  const act = () => {
    isAsked = false;
    timer = setTimeout(() => {
      timer = null;
      if (isAsked) act();
    }, milliseconds);
    action();
  };
  return {
    ask() {
      isAsked = true;
      if (timer === null) act();
    },
    settle() {
      if (!isAsked) return;
      if (timer !== null) clearTimeout(timer);
      act();
    },
  };
}
