/** The parts in which a text that may be longer than the context is read. */

/** Indices into the text's tokens. */
export interface Window {
  /** The tokens that are read: from `begin` to `end`, which is excluded. */
  begin: number;
  end: number;
  /** The tokens from here to the end are scored. */
  first: number;
}

/** Tokens `first` to `end`, which is excluded. */
export interface TokenRange {
  first: number;
  end: number;
}

/** As many tokens as fit, ending with the last one that is asked for. Earlier ones are not scored. */
export function lastWindow({ first, end }: TokenRange, length: number): Window {
  const begin = Math.max(0, end - length);
  return { begin, end, first: Math.max(first, begin) };
}

/**
 * Windows of `length` tokens begin at 0, `stride`, 2 `stride` …, as in Hugging Face's perplexity of fixed-length
 * models; each token is scored in the first window that has it. Gives the windows in which a token of the range is
 * scored; for an empty range, the window that ends with it.
 */
export function stridedWindows({ first, end }: TokenRange, length: number, stride: number): Window[] {
  // Every window continues where the one before it ended, so the two must overlap.
  const step = Math.max(1, Math.min(stride, length - 1));
  const wanted = Math.min(first, Math.max(0, end - 1));
  const windows: Window[] = [];
  for (let begin = step * Math.max(0, Math.ceil((wanted + 1 - length) / step)); ; begin += step) {
    const isFirst = windows.length === 0;
    windows.push({
      begin,
      end: Math.min(end, begin + length),
      first: isFirst ? first : begin - step + length,
    });
    if (begin + length >= end) return windows;
  }
}
