/** A validated byte-level BPE vocabulary. */

import { EngineError } from '../../protocol/errors.ts';
import { shownValue } from '../../protocol/safeText.ts';
import { isObject } from '../checkpoint/folder.ts';
import { byteToCharacter, isSpelled, writeSpelled } from './byteAlphabet.ts';

export const endOfTextName = '<|endoftext|>';

export interface BpeVocabulary {
  /** Ordinary tokens, spelled in the byte alphabet, with their ids. Each of the 256 bytes has one. */
  spelled: ReadonlyMap<string, number>;
  /** The same as an object, which may also have tokens that no merge makes. */
  vocab: Readonly<Record<string, number>>;
  /** In order of preference. Both parts and their result are in `spelled`. */
  merges: readonly [string, string][];
  /** Texts that are always one token, with their ids. */
  added: ReadonlyMap<string, number>;
  /** Names of tokens that stand for no text, by id. */
  special: ReadonlyMap<number, string>;
  endOfText: number;
}

/** An entry of tokenizer.json's `added_tokens`. */
export interface AddedToken {
  id: number;
  content: string;
  special: boolean;
}

/** What the files contain, not yet validated. */
export interface RawVocabulary {
  vocab: unknown;
  merges: readonly [string, string][];
  added: readonly AddedToken[];
}

/**
 * @param file its name, for error messages
 * @param size rows of the embedding; no id may reach it
 * @throws EngineError `tokenizer-invalid`
 */
export function checkVocabulary(file: string, raw: RawVocabulary, size: number): BpeVocabulary {
  const fail = invalidTokenizer(file);
  if (!isObject(raw.vocab)) throw fail('its vocabulary is not a JSON object');
  const spelled = checkIds(raw.vocab, raw.added, size, fail);
  const special = new Map<number, string>();
  const added = new Map<string, number>();
  for (const { id, content, special: isSpecial } of raw.added) {
    if (isSpecial || content === endOfTextName) special.set(id, content);
    else added.set(content, id);
  }
  const endOfText = spelled.get(endOfTextName);
  if (endOfText === undefined) throw fail(`it has no token ${endOfTextName}`);
  special.set(endOfText, endOfTextName);

  for (const [token, id] of spelled) {
    const inAlphabet = isSpelled(token);
    if (special.has(id) || !inAlphabet) spelled.delete(token);
    if (special.has(id)) continue;
    if (added.has(token) ? inAlphabet && !spellsItself(token) : !inAlphabet) {
      throw fail(`the token ${quoted(token)} is not spelled in GPT-2's byte alphabet`);
    }
  }
  const missing = byteToCharacter.findIndex((character) => !spelled.has(character));
  if (missing >= 0) throw fail(`it has no token for the byte ${missing}`);
  raw.merges.forEach(([left, right], rank) => {
    if (!spelled.has(left) || !spelled.has(right) || !spelled.has(left + right)) {
      const pair = `${quoted(left)} and ${quoted(right)}`;
      throw fail(`merge ${rank + 1}, of ${pair}, has a part or a result that is not a token`);
    }
  });
  const whole = raw.added.every(({ content }) => Object.hasOwn(raw.vocab as object, content));
  const vocab = whole ? (raw.vocab as Record<string, number>) : Object.fromEntries(spelled);
  return { spelled, vocab, merges: raw.merges, added, special, endOfText };
}

/** The id of every token: whole numbers below `size`, no two the same. */
function checkIds(
  vocab: Record<string, unknown>,
  added: readonly AddedToken[],
  size: number,
  fail: Fail,
): Map<string, number> {
  const ids = new Map<string, number>();
  const tokens = new Array<string | undefined>(size);
  const use = (token: string, id: unknown): void => {
    if (id === undefined) throw fail(`the token ${quoted(token)} has no id`);
    if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 0) {
      throw fail(`the token ${quoted(token)} has the id ${shownValue(id)}`);
    }
    if (id >= size) {
      throw fail(`the token ${quoted(token)} has the id ${id}, but the model's embedding has ${size} rows`);
    }
    const other = tokens[id];
    if (other !== undefined && other !== token) {
      throw fail(`the tokens ${quoted(other)} and ${quoted(token)} have the same id ${id}`);
    }
    if ((ids.get(token) ?? id) !== id) throw fail(`the token ${quoted(token)} has two ids`);
    tokens[id] = token;
    ids.set(token, id);
  };
  for (const token of Object.keys(vocab)) use(token, vocab[token]);
  for (const { content, id } of added) use(content, id);
  return ids;
}

/** Whether a token that is spelled in the alphabet means just its own text. */
function spellsItself(token: string): boolean {
  const bytes = Buffer.alloc(token.length);
  writeSpelled(token, bytes, 0);
  return bytes.equals(Buffer.from(token));
}

export type Fail = (reason: string) => EngineError;

export function invalidTokenizer(file: string): Fail {
  return (reason) => new EngineError('tokenizer-invalid', { file, reason });
}

function quoted(token: string): string {
  return JSON.stringify(token.length > 40 ? `${token.slice(0, 40)}…` : token);
}
