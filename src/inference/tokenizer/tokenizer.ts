/** GPT-2's tokenizer: Hugging Face's byte-level BPE, with exact bytes and ranges. */
import { BPE, SplitPreTokenizer } from '@huggingface/tokenizers';
import { EngineError } from '../../protocol/errors.ts';
import type { EncodedToken, Gpt2Tokenizer } from '../tokens.ts';
import { byteToCharacter } from './byteAlphabet.ts';
import { readVocabulary } from './files.ts';
import { LongWordMerger } from './longWords.ts';
import { tokenRanges } from './spans.ts';
import { type BpeVocabulary, spelledBytes } from './vocabulary.ts';

/** Bytes from which on a word is left to {@link LongWordMerger}. Ordinary ones stay far below. */
const longWord = 256;
/** Words that are remembered: more than the distinct ones of a large file. */
const rememberedWords = 50_000;

/**
 * GPT-2's split into words, as the Rust tokenizers' ByteLevel has it. It is given as a pattern because the
 * library's own ByteLevel takes JavaScript's `\s`, which differs in U+0085 and U+FEFF; in a pattern, the library
 * translates `\s` to Unicode white space.
 */
const words = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/**
 * Reads tokenizer.json, or vocab.json and merges.txt.
 *
 * @param size rows of the embedding: ids below it that the files do not name are unused tokens without text
 * @throws EngineError `tokenizer-invalid`, `json-invalid`, and those of reading a file
 */
export function openTokenizer(folder: string, size: number): Gpt2Tokenizer {
  return new ByteLevelTokenizer(readVocabulary(folder, size), size);
}

class ByteLevelTokenizer implements Gpt2Tokenizer {
  readonly vocabularySize: number;
  readonly endOfText: number;
  readonly #vocabulary: BpeVocabulary;
  readonly #bytes: Uint8Array[];
  readonly #splitter: SplitPreTokenizer;
  readonly #model: BPE;
  readonly #longWords: LongWordMerger;
  readonly #remembered = new Map<string, number[]>();
  /** Matches the added tokens, the longest first; undefined when there are none. */
  readonly #added: RegExp | undefined;

  constructor(vocabulary: BpeVocabulary, size: number) {
    this.vocabularySize = size;
    this.endOfText = vocabulary.endOfText;
    this.#vocabulary = vocabulary;
    this.#bytes = tokenBytes(vocabulary, size);
    const pattern = { Regex: words };
    this.#splitter = new SplitPreTokenizer({ type: 'Split', pattern, behavior: 'Isolated', invert: false });
    const { spelled, merges } = vocabulary;
    this.#model = new BPE({ type: 'BPE', vocab: Object.fromEntries(spelled), merges: [...merges] });
    this.#longWords = new LongWordMerger(vocabulary);
    const added = [...vocabulary.added.keys()].sort((a, b) => b.length - a.length);
    if (added.length > 0) this.#added = new RegExp(`(${added.map(escapePattern).join('|')})`, 'u');
  }

  encode(text: string): EncodedToken[] {
    const ids = this.#encodeIds(text);
    const ranges = tokenRanges(
      text,
      ids.map((id) => this.#bytes[id]!.length),
    );
    return ids.map((id, i) => ({
      id,
      bytes: this.#bytes[id]!,
      start: ranges[i]!.start,
      end: ranges[i]!.end,
    }));
  }

  #encodeIds(text: string): number[] {
    const ids: number[] = [];
    for (const piece of this.#added === undefined ? [text] : text.split(this.#added)) {
      const added = this.#vocabulary.added.get(piece);
      if (added !== undefined) {
        ids.push(added);
        continue;
      }
      for (const word of this.#splitter.pre_tokenize_text(piece)) {
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
    if (bytes.length >= longWord) return this.#longWords.merge(bytes);
    const spelling = Array.from(bytes, (byte) => byteToCharacter[byte]!).join('');
    const ids = this.#model.encode([spelling]).map((token) => this.#vocabulary.spelled.get(token)!);
    if (this.#remembered.size === rememberedWords) this.#remembered.clear();
    this.#remembered.set(word, ids);
    return ids;
  }

  bytesOf(id: number): Uint8Array {
    const bytes = this.#bytes[id];
    if (bytes === undefined) throw new EngineError('token-unknown', { id, last: this.vocabularySize - 1 });
    return bytes;
  }

  textOf(id: number): string {
    const bytes = this.bytesOf(id);
    if (bytes.length > 0) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return this.#vocabulary.special.get(id) ?? `[unused ${id}]`;
  }
}

/** By id; empty for special and unused tokens. */
function tokenBytes({ spelled, added }: BpeVocabulary, size: number): Uint8Array[] {
  const bytes = new Array<Uint8Array>(size).fill(new Uint8Array());
  for (const [token, id] of spelled) bytes[id] = spelledBytes(token)!;
  for (const [text, id] of added) bytes[id] = Buffer.from(text);
  return bytes;
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
