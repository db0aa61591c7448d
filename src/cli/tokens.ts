/**
 * Tokenises the text before the model reads it: some options count tokens, while the engine's range counts UTF-16
 * units.
 */
import { parseConfig } from '../inference/checkpoint/config.ts';
import { configFile, parseJsonObject, readSmallFile } from '../inference/checkpoint/folder.ts';
import { openTokenizer } from '../inference/tokenizer/tokenizer.ts';
import type { EncodedToken } from '../inference/tokens.ts';
import { EngineError } from '../protocol/errors.ts';

/** @throws EngineError as opening the checkpoint and its tokenizer does */
export function tokenize(modelDir: string, text: string): EncodedToken[] {
  const config = parseConfig(parseJsonObject(configFile, readSmallFile(modelDir, configFile)));
  return openTokenizer(modelDir, config.vocabularySize).encode(text);
}

/**
 * The tokens `from` to `to`, both included. If the first one begins inside a character, the tokens before it that
 * belong to that character are included, too.
 * @param to null: the last token
 * @throws EngineError `option-invalid`
 */
export function selectTokens(
  tokens: readonly EncodedToken[],
  { from, to }: { from: number; to: number | null },
): { first: number; range: { start: number; end: number } } {
  const last = tokens.length - 1;
  for (const [option, index] of Object.entries({ from, to: to ?? from })) {
    if (index > last)
      throw new EngineError('option-invalid', { option, value: index, expected: `0 … ${last}` });
  }
  let first = from;
  while (first > 0 && continuesCharacter(tokens[first]!)) first--;
  return { first, range: { start: tokens[first]!.start, end: tokens[to ?? last]!.end } };
}

function continuesCharacter({ start, end }: EncodedToken): boolean {
  return start === end;
}
