/** tokenizer.json, or vocab.json and merges.txt → a validated vocabulary. */
import { decodeText, fileExists, isObject, parseJsonObject, readSmallFile } from '../checkpoint/folder.ts';
import {
  type AddedToken,
  type BpeVocabulary,
  checkVocabulary,
  type Fail,
  invalidTokenizer,
} from './vocabulary.ts';

const tokenizerFile = 'tokenizer.json';
const vocabularyFile = 'vocab.json';
const mergesFile = 'merges.txt';

/** Files from which a tokenizer can be read. */
export const tokenizerFiles = [tokenizerFile, vocabularyFile, mergesFile] as const;

/**
 * Prefers tokenizer.json, as Hugging Face does.
 * @throws EngineError `tokenizer-invalid`, and what reading a JSON file throws
 */
export function readVocabulary(folder: string, size: number): BpeVocabulary {
  if (!fileExists(folder, tokenizerFile) && fileExists(folder, vocabularyFile)) {
    const vocab = parseJsonObject(vocabularyFile, readSmallFile(folder, vocabularyFile));
    const merges = parseMergesFile(decodeText(mergesFile, readSmallFile(folder, mergesFile)));
    return checkVocabulary(vocabularyFile, { vocab, merges, added: [] }, size);
  }
  const json = parseJsonObject(tokenizerFile, readSmallFile(folder, tokenizerFile));
  const fail = invalidTokenizer(tokenizerFile);
  checkPipeline(json, fail);
  const model = checkModel(json.model, fail);
  const merges = parseMerges(model.merges, fail);
  return checkVocabulary(tokenizerFile, { vocab: model.vocab, merges, added: parseAdded(json, fail) }, size);
}

/**
 * The steps around the BPE model must not change the text, or the tokens' bytes would differ from the text's. The
 * post-processor is ignored: BOS is a setting, and token ranges are our own.
 */
function checkPipeline(json: Record<string, unknown>, fail: Fail): void {
  if (json.normalizer != null) throw fail('it has a normalizer, which changes the text before it is read');
  const { pre_tokenizer: before, decoder } = json;
  if (!isObject(before) || before.type !== 'ByteLevel') throw fail('its pre_tokenizer is not ByteLevel');
  if (before.add_prefix_space !== false) {
    throw fail('its add_prefix_space is not false, so that it reads a space which is not in the text');
  }
  if (!(before.use_regex ?? true)) throw fail('its use_regex is false');
  if (decoder != null && !(isObject(decoder) && decoder.type === 'ByteLevel')) {
    throw fail('its decoder is not ByteLevel');
  }
}

function checkModel(model: unknown, fail: Fail): Record<string, unknown> {
  // OpenAI's own tokenizer.json is older than the models' `type`.
  if (!isObject(model) || (model.type ?? 'BPE') !== 'BPE') throw fail('its model is not BPE');
  const changes = [
    'dropout',
    'continuing_subword_prefix',
    'end_of_word_suffix',
    'byte_fallback',
    'ignore_merges',
  ];
  for (const key of changes) {
    if (model[key]) throw fail(`its model has ${key}, which GPT-2's does not have`);
  }
  return model;
}

/** Reads both formats: `"a b"` and `["a", "b"]`. */
function parseMerges(merges: unknown, fail: Fail): [string, string][] {
  if (!Array.isArray(merges)) throw fail('its model has no merges');
  return merges.map((merge: unknown, rank) => {
    const pair = typeof merge === 'string' ? merge.split(' ') : merge;
    if (!isPair(pair)) throw fail(`merge ${rank + 1} is not a pair of tokens`);
    return pair;
  });
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function parseMergesFile(text: string): [string, string][] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  return parseMerges(lines, invalidTokenizer(mergesFile));
}

function parseAdded(json: Record<string, unknown>, fail: Fail): AddedToken[] {
  const added = json.added_tokens ?? [];
  if (!Array.isArray(added)) throw fail('its added_tokens are not a list');
  return added.map((token: unknown, index): AddedToken => {
    const { id, content, special } = isObject(token) ? token : {};
    if (typeof content !== 'string' || content === '' || !content.isWellFormed()) {
      throw fail(`added token ${index + 1} has no text`);
    }
    const isSpecial = special === true;
    // The first two would swallow spaces of the text; the third depends on the neighbouring characters.
    for (const key of ['lstrip', 'rstrip', 'single_word']) {
      if (!isSpecial && (token as Record<string, unknown>)[key]) {
        throw fail(`the added token ${JSON.stringify(content)} has ${key}, which is not supported`);
      }
    }
    return { id: id as number, content, special: isSpecial };
  });
}
