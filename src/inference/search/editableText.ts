/** A text that is edited before one of its predictions, and read again as a whole after each edit. */
import type { TextEdit } from '../../protocol/results.ts';
import type { Gpt2 } from '../gpt2/model.ts';
import type { ExplainedPrediction } from '../question/position.ts';
import { type Reading, readTokens, tokensIn } from '../question/reading.ts';
import type { EncodedToken } from '../tokens.ts';
import { applyEdits, growthOf } from './edits.ts';

/** Tokens before what is read that stay in sight: an edit that needs less room brings some of them in. */
const spareTokens = 64;
/** Tokens behind the prediction that stay in sight. */
const tailTokens = 8;

/**
 * Products of gradients and embeddings that are held at once, 128 MB: of a selection with more tokens than this allows, 667
 * at 124M parameters, the last ones are edited.
 */
const mostProducts = 2 ** 25;

/** An edited text as the model reads it, exactly as it would be read if somebody had typed it. */
export interface EditedReading {
  edits: readonly TextEdit[];
  /** All that is read. */
  ids: readonly number[];
  /** The tokens that may be edited further, where they are in the edited text, and the place in `ids` of the first. */
  tokens: readonly EncodedToken[];
  first: number;
}

export class EditableText {
  readonly text: string;
  /** Where what is read ends, and the predicted token begins. */
  readonly end: number;
  /** The UTF-16 range that may be edited. */
  readonly range: { start: number; end: number };
  readonly #model: Gpt2;
  readonly #bos: boolean;
  /** What is tokenised of the text. */
  readonly #window: { start: number; end: number };
  /** Tokens from the predicted one on to the end of the window. */
  readonly #tail: readonly number[];

  constructor(model: Gpt2, { text, bos }: { text: string; bos: boolean }, prediction: ExplainedPrediction) {
    const { reading, at, explained, range } = prediction;
    const { tokens } = reading;
    this.#model = model;
    this.#bos = bos;
    this.text = text;
    this.end = tokens[at]?.start ?? text.length;
    const first = tokens[explained.first]!.start;
    this.range = { start: Math.max(range.start, first), end: Math.min(range.end, this.end) };
    const window = windowOf(model, text, reading, at);
    this.#window = window;
    this.#tail = tokens.slice(at, window.to).map(({ id }) => id);
  }

  /** Null where the edited text has no token border before the predicted token, or is too long to be read. */
  read(edits: readonly TextEdit[]): EditedReading | null {
    const tokens = this.#tokenize(edits);
    const growth = growthOf(edits);
    const at = tokens.length - this.#tail.length;
    if (at < (this.#bos ? 0 : 1)) return null;
    if (this.#tail.length > 0 && tokens[at]!.start !== this.end + growth) return null;
    if (this.#tail.some((id, index) => tokens[at + index]!.id !== id)) return null;
    const { contextLength, vocabularySize } = this.#model.config;
    const reading = readTokens(
      this.#model,
      tokens,
      { text: '', modelDir: '', bos: this.#bos },
      { end: at, limit: contextLength },
    );
    // Without what stands before the window it cannot be said what else would be read.
    if (this.#window.start > 0 && reading.dropped === 0) return null;
    const { start, end } = this.range;
    const editable = tokensIn(tokens, { start, end: end + growth });
    const last = Math.min(editable.end, at);
    const most = Math.floor(mostProducts / vocabularySize);
    const first = Math.max(editable.first, reading.dropped, last - most);
    const own = tokens.slice(first, Math.max(first, last));
    return { edits, ids: reading.ids, tokens: own, first: reading.indexOf(first) };
  }

  textWith(edits: readonly TextEdit[]): string {
    return applyEdits(this.text, edits);
  }

  #tokenize(edits: readonly TextEdit[]): EncodedToken[] {
    const { start, end } = this.#window;
    const inWindow = edits.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    const edited = applyEdits(this.text.slice(start, end), inWindow);
    const tokens = this.#model.tokenizer.encode(edited);
    if (start === 0) return tokens;
    return tokens.map((token) => ({ ...token, start: token.start + start, end: token.end + start }));
  }
}

/**
 * The part of a long text that has to be tokenised again after an edit. It is cut only where the part by itself has the
 * tokens that the whole text has there.
 */
function windowOf({ tokenizer }: Gpt2, text: string, { tokens, dropped }: Reading, at: number) {
  const whole = { start: 0, end: text.length, to: tokens.length };
  const [from, to] = [Math.max(0, dropped - spareTokens), Math.min(tokens.length, at + tailTokens)];
  const [start, end] = [tokens[from]?.start ?? 0, tokens[to]?.start ?? text.length];
  if (start === 0 && end === text.length) return whole;
  const alone = tokenizer.encode(text.slice(start, end));
  const isSame =
    alone.length === to - from && alone.every(({ id }, index) => id === tokens[from + index]!.id);
  return isSame ? { start, end, to } : whole;
}
