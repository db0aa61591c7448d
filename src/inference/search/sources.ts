/** The sources of all kinds of edits that are wanted. */
import { characterEdits as characterKinds, type EditKind } from '../../protocol/edits.ts';
import type { EncodedToken, Gpt2Tokenizer } from '../tokens.ts';
import { characterEdits } from './characters.ts';
import type { NewEdit } from './edits.ts';
import type { FirstOrder } from './firstOrder.ts';
import { ListedEdits } from './listedEdits.ts';
import type { EditSource } from './source.ts';
import { TokenEdits } from './tokenEdits.ts';
import { unitsOf } from './units.ts';
import { typedTokens } from './vocabulary.ts';

/** What a person wants of the edits. */
export interface Wanted {
  kinds: readonly EditKind[];
  wordsOnly: boolean;
  sameForm: boolean;
}

/** A text to edit. */
export interface Editable {
  text: string;
  tokens: readonly EncodedToken[];
  /** Where what is read ends: nothing is put there, since that would ask about another prediction. */
  end: number;
  /** Whether a range, which may be empty, can be edited. */
  isFree(start: number, end: number): boolean;
  /** What an edit changes to first order, once it is tokenised. */
  gainOf(edit: NewEdit, order: FirstOrder): number;
}

export function sourcesOf(
  tokenizer: Gpt2Tokenizer,
  { text, tokens, end, isFree, gainOf }: Editable,
  { kinds, wordsOnly, sameForm }: Wanted,
): EditSource[] {
  // In a text with the other line ends a person would not type these.
  const isOfText = (token: string) => !(token.includes('\n') && text.includes('\r\n'));
  const typed = typedTokens(tokenizer).filter(
    (token) => (!wordsOnly || token.isWord) && isOfText(token.text),
  );
  const spaced = wordsOnly ? typed.filter((token) => token.text.startsWith(' ')) : typed;
  const units = unitsOf(tokens, text, wordsOnly);
  const free = units.filter(({ range }) => isFree(range.start, range.end));
  const gaps = units.filter(({ range: { start }, text: unit }) => {
    return start < end && isFree(start, start) && (!wordsOnly || unit.startsWith(' '));
  });
  const range = { start: tokens[0]?.start ?? end, end: tokens.at(-1)?.end ?? end };
  return kinds.flatMap((kind): EditSource[] => {
    if (kind === 'substitute') {
      // A word keeps its leading space: otherwise it would join the one before it.
      return [
        new TokenEdits(kind, free, typed, sameForm || wordsOnly ? (sameForm ? 'form' : 'space') : null),
      ];
    }
    if (kind === 'insert') return [new TokenEdits(kind, gaps, spaced, null)];
    if (kind === 'delete') {
      const edits = free.map((unit) => ({ kind, ...unit.range, new: '' }));
      return [new ListedEdits(kind, edits, gainOf)];
    }
    if (wordsOnly || (sameForm && kind === 'case') || !characterKinds.includes(kind)) return [];
    return [new ListedEdits(kind, characterEdits(kind, text, range, isFree), gainOf)];
  });
}
