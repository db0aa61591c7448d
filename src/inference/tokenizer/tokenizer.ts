/** GPT-2's tokenizer: Hugging Face's byte-level BPE, with exact bytes and ranges. */
import { BPE, SplitPreTokenizer } from '@huggingface/tokenizers';
import { EngineError } from '../../protocol/errors.ts';
import type { ShownToken } from '../../protocol/results.ts';
import { isInside, nameOfBytes, namesInText } from '../../text/pieceNames.ts';
import type { EncodedToken, Gpt2Tokenizer } from '../tokens.ts';
import { AddedTokens } from './addedTokens.ts';
import { byteToCharacter } from './byteAlphabet.ts';
import { readVocabulary } from './files.ts';
import { LongWordMerger } from './longWords.ts';
import { tokenRanges } from './spans.ts';
import { TokenBytes } from './tokenBytes.ts';
import type { BpeVocabulary } from './vocabulary.ts';

/** From so many bytes on, a word goes to {@link LongWordMerger}. Ordinary words are far shorter. */
const longWord = 256;
/** How many words are cached: more than a large file has different ones. */
const rememberedWords = 50_000;

/**
 * GPT-2's split into words, as in ByteLevel of the Rust tokenizers. It is given as a pattern because the library's own
 * ByteLevel uses JavaScript's `\s`, which differs in U+0085 and U+FEFF; in a pattern, the library translates `\s` to
 * Unicode white space.
 */
const words = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/**
 * Reads tokenizer.json, or vocab.json and merges.txt.
 *
 * @param size rows of the embedding: ids below it that the files do not name are unused tokens without text
 * @throws EngineError `tokenizer-invalid`, `json-invalid`, and what reading a file throws
 */
export function openTokenizer(folder: string, size: number): Gpt2Tokenizer {
  return new ByteLevelTokenizer(readVocabulary(folder, size), size);
}

class ByteLevelTokenizer implements Gpt2Tokenizer {
  readonly vocabularySize: number;
  readonly endOfText: number;
  readonly #vocabulary: BpeVocabulary;
  readonly #bytes: TokenBytes;
  readonly #splitter: SplitPreTokenizer;
  readonly #model: BPE;
  #longWords: LongWordMerger | undefined;
  readonly #remembered = new Map<string, number[]>();
  readonly #added: AddedTokens;

  constructor(vocabulary: BpeVocabulary, size: number) {
    this.vocabularySize = size;
    this.endOfText = vocabulary.endOfText;
    this.#vocabulary = vocabulary;
    this.#bytes = new TokenBytes(vocabulary, size);
    const pattern = { Regex: words };
    this.#splitter = new SplitPreTokenizer({ type: 'Split', pattern, behavior: 'Isolated', invert: false });
    const { vocab, merges } = vocabulary;
    this.#model = new BPE({ type: 'BPE', vocab, merges });
    this.#added = new AddedTokens(vocabulary.added.keys());
  }

  encode(text: string): EncodedToken[] {
    const ids = this.#encodeIds(text);
    const ranges = tokenRanges(
      text,
      ids.map((id) => this.#bytes.lengthOf(id)),
    );
    const tokens = ids.map(
      (id, i): EncodedToken => ({
        id,
        bytes: this.#bytes.of(id),
        start: ranges[i]!.start,
        end: ranges[i]!.end,
      }),
    );
    namePieces(text, tokens);
    return tokens;
  }

  #encodeIds(text: string): number[] {
    const ids: number[] = [];
    for (const piece of this.#added.pieces(text)) {
      if (piece.isAdded) {
        ids.push(this.#vocabulary.added.get(piece.text)!);
        continue;
      }
      for (const word of this.#splitter.pre_tokenize_text(piece.text)) {
        for (const id of this.#encodeWord(word)) ids.push(id);
      }
    }
    return ids;
  }

  #encodeWord(word: string): Iterable<number> {
    const known = this.#remembered.get(word);
    if (known !== undefined) return known;
    // A lone surrogate becomes the bytes EF BF BD here.
    const bytes = Buffer.from(word);
    if (bytes.length >= longWord) {
      this.#longWords ??= new LongWordMerger(this.#vocabulary);
      return this.#longWords.merge(bytes);
    }
    const spelling = Array.from(bytes, (byte) => byteToCharacter[byte]!).join('');
    const ids = this.#model.encode([spelling]).map((token) => this.#vocabulary.spelled.get(token)!);
    if (this.#remembered.size === rememberedWords) this.#remembered.clear();
    this.#remembered.set(word, ids);
    return ids;
  }

  bytesOf(id: number): Uint8Array {
    const last = this.vocabularySize - 1;
    if (!Number.isInteger(id) || id < 0 || id > last) throw new EngineError('token-unknown', { id, last });
    return this.#bytes.of(id);
  }

  textOf(id: number): string {
    const bytes = this.bytesOf(id);
    if (bytes.length > 0) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return this.#vocabulary.special.get(id) ?? `[unused ${id}]`;
  }

  shown(id: number): ShownToken {
    const name = nameOfBytes(this.bytesOf(id));
    return { id, text: this.textOf(id), ...(name !== null && { name }) };
  }
}

/** @param tokens all tokens of the text */
function namePieces(text: string, tokens: readonly EncodedToken[]): void {
  for (let first = 0; first < tokens.length; ) {
    let end = first + 1;
    while (end < tokens.length && isInside(tokens[end]!.bytes)) end++;
    // Most tokens are whole characters by themselves and need no such name.
    if (end > first + 1) {
      const pieces = tokens.slice(first, end);
      const placed = pieces.map(({ bytes, start, end }) => ({ bytes: bytes.length, start, end }));
      for (const [index, name] of namesInText(text, placed).entries()) {
        if (name !== null) pieces[index]!.name = name;
      }
    }
    first = end;
  }
}
