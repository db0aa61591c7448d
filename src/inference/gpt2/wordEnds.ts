/** Which tokens end the word before them: those that begin with white space, and `<|endoftext|>`. */
import { beginsWithSpace } from '../../text/words.ts';
import type { Gpt2Tokenizer } from '../tokens.ts';

/** Characters that are white space have at most three bytes. */
const mostBytes = 3;
const decoder = new TextDecoder();

/** `[V]`: 1 for each of them. A token that begins inside a character begins with none. */
export function wordEndsOf(tokenizer: Gpt2Tokenizer): Uint8Array {
  return Uint8Array.from({ length: tokenizer.vocabularySize }, (_, id) =>
    Number(id === tokenizer.endOfText || beginsWithSpaceByte(tokenizer.bytesOf(id))),
  );
}

function beginsWithSpaceByte(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  if (first < 0x80) return bytes.length > 0 && beginsWithSpace(String.fromCharCode(first));
  return beginsWithSpace(decoder.decode(bytes.subarray(0, mostBytes)));
}
